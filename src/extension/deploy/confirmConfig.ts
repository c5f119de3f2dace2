import path from 'node:path';
import { l10n, type Memento, Uri, window } from 'vscode';
import { FusionizerError } from '../../shared/errors.ts';
import { guessedBySource } from '../create/guessConfig.ts';
import { DismissedError } from '../errors.ts';
import { execute } from '../ownCommands.ts';

/** Folders that the user agreed to deploy without function.yaml. */
const AS_IT_IS = 'fusionizer.deployedAsItIs';

/**
 * Asks before the deploy of a folder without any configuration, which the server would guess, and offers to create one.
 * It asks once for each folder.
 * @throws DismissedError if the user creates a function.yaml or cancels the deploy
 */
export async function confirmConfig(state: Memento, folder: string): Promise<void> {
  const folders = (): string[] => state.get<string[]>(AS_IT_IS, []);
  if (folders().includes(folder)) return;
  // A configuration that cannot be read fails the deploy, which reports it.
  const guess = await guessedBySource(folder).catch((error: unknown) => {
    if (error instanceof FusionizerError) return undefined;
    throw error;
  });
  if (guess === undefined) return;
  const { server, clear } = guess;
  const make = l10n.t('Create function.yaml');
  const deploy = l10n.t('Deploy As It Is');
  const detail =
    clear === undefined
      ? l10n.t('{0} is its only source file, and several functions of it may be the handler.', server.file)
      : l10n.t(
          '{2} is its only source file, so its handler is probably {0} ({1}).',
          clear.handler,
          clear.runtime,
          server.file,
        );
  const picked = await window.showInformationMessage(
    l10n.t('There is no function.yaml in {0}.', path.basename(folder)),
    { modal: true, detail },
    make,
    // The server would look for a function that the file does not have.
    ...(server.exists ? [deploy] : []),
  );
  if (picked === deploy) {
    await state.update(AS_IT_IS, [...folders(), folder]);
    return;
  }
  if (picked === make) await execute('fusionizer.config.create', Uri.file(folder));
  throw new DismissedError();
}
