import { randomUUID } from 'node:crypto';
import { l10n, ProgressLocation, window } from 'vscode';
import type { Setup } from '../../shared/setupApi.ts';
import type { Services } from '../services.ts';

/** Puts Tasks into one Fusion Group. */
export function fuse(services: Services, names: readonly string[]): Promise<void> {
  return change(services, l10n.t('Fusing {0}', names.join(' + ')), [[...names]]);
}

/** Takes each of these Tasks out of its group. */
export function split(services: Services, names: readonly string[]): Promise<void> {
  return change(
    services,
    l10n.t('Splitting {0}', names.join(', ')),
    names.map((name) => [name]),
  );
}

async function change({ server }: Services, title: string, groups: Setup): Promise<void> {
  const client = await server.client();
  await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort(new Error('cancelled')));
      await client.patchSetup(groups, { operation: randomUUID(), signal: abort.signal });
    },
  );
}
