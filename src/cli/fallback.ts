import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { UsageError } from './errors.ts';
import { PROGRAM } from './invokedAs.ts';

/** What a command does to a server. */
export type Purpose = 'read' | 'change';

/**
 * Checks the server that a command falls back to, because nothing names one and none serves the working directory.
 * @param address of that server
 * @returns what to say about it; undefined if it cannot be asked, which the command's own request then reports
 * @throws UsageError for a change of a server that serves another folder: it has to be named
 */
export async function checkFallback(
  client: FusionizerClient,
  address: string,
  purpose: Purpose,
  cwd: string,
): Promise<string | undefined> {
  const health = await client.health().catch(() => undefined);
  if (health === undefined) return undefined;
  const { folder } = health;
  if (folder === null) return `Using the server at ${address}`;
  if (purpose === 'change' && !isWithin(cwd, folder))
    throw new UsageError(
      `The server at ${address} serves ${folder}, and not this folder. ` +
        `To change it all the same, name it: --server ${address}. To serve this folder: \`${PROGRAM} dev\``,
    );
  return `Using the server at ${address}, which serves ${folder}`;
}

/** Whether a folder is another one or lies in it. Links to a folder count as that folder. */
function isWithin(folder: string, other: string): boolean {
  const below = path.relative(real(other), real(folder));
  return below !== '..' && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below);
}

/** The folder of a server on another machine, or one that is gone, has no other path than this. */
function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder);
  }
}
