import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { ifMissing } from '../../shared/ifMissing.ts';
import type { Services } from '../services.ts';

/**
 * Keeps the answers that are open over a reload of the window. VS Code itself restores their editor group without them.
 * The code is loaded if some were kept, else after the first invocation.
 */
export function registerKeptAnswers(services: Services): void {
  const { context, log } = services;
  const folder = context.storageUri?.fsPath;
  // An empty window has nothing that it could be a reload of.
  if (folder === undefined) return;
  const file = path.join(folder, 'answers.json');
  const start = async (): Promise<void> => {
    const kept = await readFile(file, 'utf8').catch(ifMissing(''));
    if (kept === '') await firstInvocation(services);
    const { bringBackAndKeep } = await import('./openAnswers.ts');
    await bringBackAndKeep(services, file, kept);
  };
  start().catch((error: unknown) => log.warn(messageOf(error)));
}

/** Waits for the end of the first invocation: no answer is open before. */
async function firstInvocation({ context, answers }: Services): Promise<void> {
  if (answers.tasks.length > 0) return;
  await new Promise<void>((resolve) => context.subscriptions.push(answers.onDidUpdate(resolve)));
}
