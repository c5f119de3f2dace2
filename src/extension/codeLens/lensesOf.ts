import { CodeLens, l10n, Range, type TextDocument, Uri, workspace } from 'vscode';
import { isConfig, readText } from '../config/configFiles.ts';
import type { OwnCommand } from '../ownCommands.ts';
import type { TaskRow } from '../setup/rows.ts';
import type { SetupModel } from '../setup/setupModel.ts';
import type { CallNumbers } from './callNumbers.ts';
import { callWords } from './callWords.ts';
import { configAbove, type HandlerPlace, handlerIn, lensPlace } from './handlerOf.ts';

/** The lenses of a configuration, or of a source file with a handler. */
export async function lensesOf(document: TextDocument, model: SetupModel, numbers: CallNumbers): Promise<CodeLens[]> {
  if (isConfig(document)) {
    const place = lensPlace(document.getText(), document.uri.fsPath);
    return place ? lensesAt(place, model) : [];
  }
  const place = await placeInSource(document);
  return place ? lensesAt(place, model, numbers) : [];
}

/** @param numbers where the lenses say how the Task is called */
async function lensesAt(place: HandlerPlace, model: SetupModel, numbers?: CallNumbers): Promise<CodeLens[]> {
  const { folder, name, line } = place;
  const deploy: OwnCommand = {
    title: `$(cloud-upload) ${l10n.t('Deploy')}`,
    command: 'fusionizer.task.deploy',
    arguments: [Uri.file(folder)],
  };
  const rows = model.taskRows.filter(({ task }) => task !== undefined);
  // The Task of another folder with this name is not the one below the lens.
  const isHere = (one: TaskRow): boolean => one.name === name && (one.folder?.path ?? folder) === folder;
  const row = rows.find(({ task }) => task?.source === folder) ?? rows.find(isHere);
  const range = new Range(line, 0, line, 0);
  const calls = row && numbers ? await callCommands(row.name, numbers) : [];
  return [deploy, ...(row ? deployedCommands(row.name) : []), ...calls].map((command) => new CodeLens(range, command));
}

/** How often the Task was called: a click shows by whom. */
async function callCommands(task: string, numbers: CallNumbers): Promise<OwnCommand[]> {
  const known = await numbers.show(task);
  const title = known && callWords(known);
  return title === undefined ? [] : [{ title, command: 'fusionizer.map.open', arguments: [{ task }] }];
}

function deployedCommands(task: string): OwnCommand[] {
  return [
    { title: `$(play) ${l10n.t('Invoke')}`, command: 'fusionizer.task.invoke', arguments: [{ task }] },
    { title: `$(output) ${l10n.t('Logs')}`, command: 'fusionizer.task.showLogs', arguments: [{ task }] },
  ];
}

async function placeInSource(document: TextDocument): Promise<HandlerPlace | undefined> {
  const top = workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
  const file = document.uri.fsPath;
  const config = top && (await configAbove(file, top));
  return config === undefined || config === ''
    ? undefined
    : handlerIn(document.getText(), file, config, await readText(config));
}
