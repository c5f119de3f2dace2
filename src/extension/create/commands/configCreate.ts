import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { HANDLER_FILES, RUNTIMES, templateOf } from '../../../task/templates.ts';
import { CONFIG_FILES } from '../../../task/yaml/configFile.ts';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { folderFor } from '../folderFor.ts';
import { type ConfigGuess, clearGuess, configOf, guessConfigs } from '../guessConfig.ts';

/** Makes function.yaml for a folder's source files; asks only when these do not tell. */
export const configCreate: ExtensionCommand = async (_services, argument) => {
  const folder = await folderFor(argument ?? activeFile());
  const existing = await Promise.all(CONFIG_FILES.map((name) => isFile(path.join(folder, name))));
  const present = existing[0] ? 'function.yaml' : existing[1] ? 'function.yml' : undefined;
  if (present === undefined) {
    const guess = await guessOrAsk(folder);
    // wx: what is there is never overwritten, though it came between the look and now.
    if (!(await isFile(path.join(folder, guess.file)))) {
      const source = templateOf({ runtime: guess.runtime, kind: 'plain' }, 'task')[guess.file] ?? '';
      await writeFile(path.join(folder, guess.file), source, { flag: 'wx' });
    }
    await writeFile(path.join(folder, 'function.yaml'), configOf(guess, folder), { flag: 'wx' });
    // Not waited for: messages stay until the user answers them.
    void offerDeploy(folder, guess);
  } else void window.showInformationMessage(l10n.t('This folder has a {0} already.', present));
  await window.showTextDocument(Uri.file(path.join(folder, present ?? 'function.yaml')), { preview: false });
};

async function offerDeploy(folder: string, { runtime, handler }: ConfigGuess): Promise<void> {
  const deploy = l10n.t('Deploy');
  const message = l10n.t(
    'function.yaml is made: {0} is a Task in {1}, with the handler {2}.',
    path.basename(folder),
    runtime,
    handler,
  );
  if ((await window.showInformationMessage(message, deploy)) === deploy)
    await execute('fusionizer.task.deploy', Uri.file(folder));
}

/** The file that is looked at, where it lies in the workspace. */
function activeFile(): Uri | undefined {
  const uri = window.activeTextEditor?.document.uri;
  return uri && workspace.getWorkspaceFolder(uri) ? uri : undefined;
}

async function guessOrAsk(folder: string): Promise<ConfigGuess> {
  const guesses = await guessConfigs(folder);
  const clear = clearGuess(guesses);
  if (clear) return clear;
  const choices: (QuickPickItem & { guess: ConfigGuess })[] =
    guesses.length > 0
      ? guesses.map((guess) => ({ label: guess.handler, description: guess.runtime, detail: guess.file, guess }))
      : RUNTIMES.map((runtime) => {
          const file = HANDLER_FILES[runtime];
          return {
            label: runtime,
            detail: l10n.t('with a handler in {0}', file),
            guess: { runtime, file, handler: 'main:handler' },
          };
        });
  const picked = await window.showQuickPick(choices, {
    title: l10n.t('Create function.yaml in {0}', path.basename(folder)),
    placeHolder: guesses.length > 0 ? l10n.t('Which function handles events?') : l10n.t('What is the Task written in?'),
  });
  if (picked === undefined) throw new DismissedError();
  return picked.guess;
}

const isFile = async (file: string): Promise<boolean> => (await stat(file).catch(() => undefined))?.isFile() ?? false;
