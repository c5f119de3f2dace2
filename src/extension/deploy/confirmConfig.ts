import path from 'node:path';
import { l10n, type Memento, Uri, window } from 'vscode';
import { FusionizerError } from '../../shared/errors.ts';
import { guessedBySource } from '../create/guessConfig.ts';
import { DismissedError } from '../errors.ts';
import { execute } from '../ownCommands.ts';

/** Folders that the user wants deployed without function.yaml. */
const AS_IT_IS = 'fusionizer.deployedAsItIs';

/**
 * Says that a folder has no configuration at all, so that the server guesses it, and offers to make one. Asks once for
 * each folder.
 * @throws DismissedError when the user makes a function.yaml, or does not want the deploy
 */
export async function confirmConfig(state: Memento, folder: string): Promise<void> {
  const folders = (): string[] => state.get<string[]>(AS_IT_IS, []);
  if (folders().includes(folder)) return;
  // A configuration that cannot be read fails the deploy, which tells.
  const guess = await guessedBySource(folder).catch((error: unknown) => {
    if (error instanceof FusionizerError) return undefined;
    throw error;
  });
  if (guess === undefined) return;
  const make = l10n.t('Create function.yaml');
  const deploy = l10n.t('Deploy As It Is');
  const picked = await window.showInformationMessage(
    l10n.t('There is no function.yaml in {0}.', path.basename(folder)),
    {
      modal: true,
      detail: l10n.t(
        'Its handler is guessed: {0} ({1}), as {2} is its only source file.',
        guess.handler,
        guess.runtime,
        guess.file,
      ),
    },
    make,
    deploy,
  );
  if (picked === deploy) {
    await state.update(AS_IT_IS, [...folders(), folder]);
    return;
  }
  if (picked === make) await execute('fusionizer.config.create', Uri.file(folder));
  throw new DismissedError();
}
