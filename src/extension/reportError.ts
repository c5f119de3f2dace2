import type { LogOutputChannel } from 'vscode';
import { DismissedError } from './errors.ts';

/**
 * Shows the user what went wrong, with a button that helps. No other place shows the errors of commands. Resolves when
 * the user has answered.
 */
export async function reportError({ log }: { readonly log: LogOutputChannel }, error: unknown): Promise<void> {
  if (error instanceof DismissedError) return;
  const { showError } = await import('./errorMessage.ts');
  await showError(log, error);
}
