import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { HANDLER_FILES, writeTask } from '../../../task/templates.ts';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { askCallee, askTemplate } from '../askTemplate.ts';
import { calleesOf } from '../callees.ts';
import { folderFor } from '../folderFor.ts';
import { freeName, newNameProblem, takenNames } from '../newName.ts';

/** Creates a Task's folder from a template. It never overwrites anything. */
export const taskNew: ExtensionCommand = async ({ folders, model }, argument) => {
  const chosen = await folderFor(argument);
  const template = await askTemplate();
  await folders.ready();
  // A Task inside another one would be sent with it.
  const outer = folders.folderOf(chosen)?.path;
  const parent = outer === undefined ? chosen : path.dirname(outer);
  const names = model.taskRows.map(({ name }) => name);
  const taken = takenNames(model.folders, model.taskRows);
  const callee = template.kind === 'call' ? await askCallee(calleesOf(model.taskRows)) : undefined;
  const name = await window.showInputBox({
    title: l10n.t('New Nuclio Task'),
    prompt: l10n.t('The name of the Nuclio Task and its folder, in {0}', parent),
    value: freeName(template.kind === 'plain' ? 'task' : `${template.kind}-task`, parent, names),
    validateInput: (text) => newNameProblem(text, parent, taken, (place) => workspace.asRelativePath(place)),
  });
  if (name === undefined || name === '') throw new DismissedError();
  const folder = path.join(parent, name);
  await writeTask(folder, { ...template, callee }, name);
  await window.showTextDocument(Uri.file(path.join(folder, HANDLER_FILES[template.runtime])), { preview: false });
};
