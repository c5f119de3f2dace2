import path from 'node:path';
import { CustomExecution, l10n, Task, TaskGroup, TaskScope, Uri, type WorkspaceFolder, workspace } from 'vscode';
import { NoFolderError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { folderOf, parseDefinition } from './definition.ts';
import { DeployTerminal } from './deployTerminal.ts';

const TYPE = 'fusionizer';

/** A deploy for each Task folder. */
export function folderTasks(services: Services): Task[] {
  return services.model.folders.flatMap((folder) => {
    const root = workspace.getWorkspaceFolder(Uri.file(folder.path));
    if (root === undefined) return [];
    const relative = path.relative(root.uri.fsPath, folder.path).split(path.sep).join('/') || '.';
    return [taskOf(services, { type: TYPE, folder: relative }, root, l10n.t('deploy {0}', folder.name))];
  });
}

/** A task of tasks.json, with what it does. VS Code identifies it by its very definition. */
export function resolvedTask(services: Services, { definition, scope, name }: Task): Task {
  return taskOf(services, definition, scope, name);
}

function taskOf(services: Services, definition: Task['definition'], scope: Task['scope'], name: string): Task {
  const execution = new CustomExecution(async (resolved) => {
    const parsed = parseDefinition(resolved);
    return new DeployTerminal(services, folderOf(parsed, rootOf(scope)), parsed);
  });
  const task = new Task(definition, scope ?? TaskScope.Workspace, name, TYPE, execution, '$fusionizer');
  task.group = TaskGroup.Build;
  return task;
}

function rootOf(scope: Task['scope']): string {
  const root: WorkspaceFolder | undefined = typeof scope === 'object' ? scope : workspace.workspaceFolders?.[0];
  if (root === undefined) throw new NoFolderError(l10n.t('Open a folder first: Nuclio Tasks are folders in it.'));
  return root.uri.fsPath;
}
