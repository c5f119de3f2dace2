import { workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { textSetting } from '../settings.ts';

/**
 * Starts the server where it may start, and reports why it did not. A missing token is only logged, as the view and the
 * status bar ask for it.
 */
export function startQuietly(services: Services): void {
  const { server, log } = services;
  if (!mayStart()) return;
  server.start().catch((error: unknown) => {
    if (server.status.kind !== 'needsToken') return reportError(services, error);
    log.warn(messageOf(error));
    return undefined;
  });
}

/** Whether the workspace is trusted and has something to serve. */
export function mayStart(): boolean {
  return (
    workspace.isTrusted && (textSetting('server.url') !== undefined || (workspace.workspaceFolders ?? []).length > 0)
  );
}
