import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { l10n, type QuickPickItem, Uri, window } from 'vscode';
import { FusionizerError } from '../../../shared/errors.ts';
import { TASK_NAME } from '../../../shared/taskNamePattern.ts';
import { listTopLevelFiles } from '../../../task/taskFiles.ts';
import { HANDLER_FILES, RUNTIMES, templateOf } from '../../../task/templates.ts';
import { isTypeScript, typeScriptAdvice } from '../../../task/typeScript.ts';
import { findConfig } from '../../../task/yaml/findConfig.ts';
import { hasInlineConfig } from '../../../task/yaml/inlineConfig.ts';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { configFolder } from '../configFolder.ts';
import {
  type ConfigGuess,
  clearGuess,
  configOf,
  guessConfigs,
  nameFor,
  onlyOne,
  otherGuesses,
} from '../guessConfig.ts';

/**
 * Creates function.yaml for a folder's source files. It asks only if these leave a choice, and writes a handler only
 * into a folder that has no source file.
 */
export const configCreate: ExtensionCommand = async (services, argument) => {
  const { folder, present } = await configFolder(services, argument);
  if (present !== undefined) return showPresent(folder, present);
  const inline = await inlineIn(folder);
  if (inline !== undefined) {
    const message = l10n.t('{0} has its configuration in {1}, after @nuclio.configure.', path.basename(folder), inline);
    void window.showInformationMessage(message);
    return show(path.join(folder, inline));
  }
  const guess = await guessOrAsk(folder);
  const taken = services.model.taskRows.filter(({ task }) => task?.source !== folder).map(({ name }) => name);
  const name = nameFor(folder, taken);
  // wx: never overwrites a file, even one that appeared after the check.
  await writeFile(path.join(folder, 'function.yaml'), configOf(guess, name), { flag: 'wx' });
  // Not awaited: messages stay until the user answers them.
  void (guess.exists ? offerDeploy(folder, name, guess) : sayMissing(guess));
  return show(path.join(folder, 'function.yaml'));
};

const show = (file: string): PromiseLike<unknown> => window.showTextDocument(Uri.file(file), { preview: false });

async function showPresent(folder: string, present: string): Promise<void> {
  const message =
    path.dirname(present) === folder
      ? l10n.t('This folder has a {0} already.', path.basename(present))
      : l10n.t(
          '{0} is a part of {1}, which has a {2} already.',
          path.basename(folder),
          path.basename(path.dirname(present)),
          path.basename(present),
        );
  void window.showInformationMessage(message);
  await show(present);
}

async function inlineIn(folder: string): Promise<string | undefined> {
  const found = findConfig(await listTopLevelFiles(folder));
  if (found?.kind !== 'source') return undefined;
  const source = await readFile(path.join(folder, found.name), 'utf8');
  return hasInlineConfig(source, path.extname(found.name)) ? found.name : undefined;
}

async function offerDeploy(folder: string, name: string, { runtime, handler }: ConfigGuess): Promise<void> {
  const deploy = l10n.t('Deploy');
  const base = path.basename(folder);
  const message = l10n.t(
    'Created function.yaml: {0} is a Nuclio Task in {1} with the handler {2}.{3}',
    name,
    runtime,
    handler,
    name === base ? '' : ` ${whyRenamed(base)}`,
  );
  if ((await window.showInformationMessage(message, deploy)) === deploy)
    await execute('fusionizer.task.deploy', Uri.file(folder));
}

/** @param base the folder's name, which the Task does not have */
const whyRenamed = (base: string): string =>
  TASK_NAME.test(base)
    ? l10n.t('Another Task is called {0}.', base)
    : l10n.t('A Task cannot be called {0}, as the folder is.', base);

const sayMissing = ({ handler, file }: ConfigGuess): PromiseLike<unknown> =>
  window.showInformationMessage(
    l10n.t('Created function.yaml with the handler {0}: write that function into {1}, then deploy.', handler, file),
  );

async function guessOrAsk(folder: string): Promise<ConfigGuess> {
  const likely = await guessConfigs(folder);
  const guesses = likely.length > 0 ? likely : await otherGuesses(folder);
  // A function that does not look like a handler is not taken without a question.
  const clear = likely.length > 0 ? clearGuess(likely) : onlyOne(guesses);
  if (clear) return clear;
  if (guesses.length === 0) return withTemplate(folder);
  return ask(
    folder,
    l10n.t('Which function handles events?'),
    guesses.map((guess) => ({
      label: guess.handler,
      description: guess.exists ? guess.runtime : l10n.t('{0}, not written yet', guess.runtime),
      detail: guess.file,
      guess,
    })),
  );
}

/** Writes a handler into a folder without source files. */
async function withTemplate(folder: string): Promise<ConfigGuess> {
  const typeScript = (await listTopLevelFiles(folder)).find(isTypeScript);
  if (typeScript !== undefined) throw new FusionizerError('task', typeScriptAdvice(typeScript));
  const guess = await ask(
    folder,
    l10n.t('What is the Nuclio Task written in?'),
    RUNTIMES.map((runtime) => {
      const file = HANDLER_FILES[runtime];
      const detail = l10n.t('with a handler in {0}', file);
      return { label: runtime, detail, guess: { runtime, file, handler: 'main:handler', exists: true } };
    }),
  );
  const source = templateOf({ runtime: guess.runtime, kind: 'plain' }, 'task')[guess.file] ?? '';
  const file = path.join(folder, guess.file);
  // A file that is there is not a source that is sent, or appeared while the question was open. It stays as it is.
  if (await stat(file).catch(() => undefined)) return guess;
  await writeFile(file, source, { flag: 'wx' });
  return guess;
}

interface Choice extends QuickPickItem {
  readonly guess: ConfigGuess;
}

/** @throws DismissedError */
async function ask(folder: string, placeHolder: string, choices: readonly Choice[]): Promise<ConfigGuess> {
  const title = l10n.t('Create function.yaml in {0}', path.basename(folder));
  const picked = await window.showQuickPick(choices, { title, placeHolder, matchOnDetail: true });
  if (picked === undefined) throw new DismissedError();
  return picked.guess;
}
