import { workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { textSetting } from '../settings.ts';
import { startsServer } from '../setup/viewState.ts';

/**
 * Starts the server if none was needed yet, the workspace is trusted, and there is something to serve. It reports why a
 * start failed. A missing token is only logged, as the view and the status bar ask for it.
 */
export async function serveQuietly(services: Services): Promise<void> {
  const { server, folders, log } = services;
  if (!maySoon(services)) return;
  if (textSetting('server.url') === undefined) {
    // The view's rows come first, as a start keeps the extension host busy.
    await folders.ready().catch((error: unknown) => log.error(messageOf(error)));
    const something = await hasSomethingToServe(services);
    if (!something || !maySoon(services)) return;
  }
  server.start().catch((error: unknown) => {
    if (server.status.kind !== 'needsToken') return reportError(services, error);
    log.warn(messageOf(error));
    return undefined;
  });
}

/** Whether a start is possible, without the search for Tasks. */
function maySoon({ server }: Services): boolean {
  return startsServer({
    trusted: workspace.isTrusted,
    folders: workspace.workspaceFolders?.length ?? 0,
    remote: textSetting('server.url') !== undefined,
    server: server.status.kind,
    something: true,
  });
}

/** Whether the workspace has Task folders, or its state folder has Tasks or a server. */
async function hasSomethingToServe({ model }: Services): Promise<boolean> {
  if (model.folders.length > 0) return true;
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) return false;
  const { isInUse } = await import('./connect.ts');
  const { stateFolder } = await import('./stateFolder.ts');
  try {
    return await isInUse(stateFolder(folder));
  } catch {
    // The folder does not exist. A start would report it, but nobody has asked for one.
    return false;
  }
}
