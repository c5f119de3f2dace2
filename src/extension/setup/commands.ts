import { env, l10n, window } from 'vscode';
import { announce } from '../announce.ts';
import type { FeatureCommands } from '../services.ts';
import { groupFuse } from './commands/groupFuse.ts';
import { groupDissolve, groupSplit } from './commands/groupSplit.ts';
import { taskDelete } from './commands/taskDelete.ts';
import { mainFile } from './mainFile.ts';
import { deployedTask, taskFolder } from './targets.ts';
import { undoLast } from './undoChange.ts';

export const setupCommands = {
  'fusionizer.group.dissolve': groupDissolve,
  'fusionizer.group.fuse': groupFuse,
  // A menu gives the rows that are selected; the palette gives none.
  'fusionizer.group.fuseSelected': (services, argument, selected) => {
    const { nodes } = services.selection;
    return groupFuse(services, argument ?? nodes[0], selected ?? nodes);
  },
  'fusionizer.group.split': groupSplit,
  'fusionizer.map.open': async (services, argument) => {
    const { showMap } = await import('../map/mapPanel.ts');
    const given = argument as { task?: unknown } | undefined;
    await showMap(services, typeof given?.task === 'string' ? given.task : undefined);
  },
  'fusionizer.setup.undo': (services) => undoLast(services),
  'fusionizer.task.copyAddress': async (services, argument) => {
    const task = await deployedTask(services, argument, l10n.t('Copy Address'));
    const address = services.model.taskRow(task)?.task?.address ?? '';
    await env.clipboard.writeText(address);
    announce(l10n.t('Copied {0}', address), 3000);
  },
  'fusionizer.task.delete': taskDelete,
  'fusionizer.task.open': async (services, argument) => {
    const folder = await taskFolder(services, argument, l10n.t('Open Nuclio Task'));
    await window.showTextDocument(await mainFile(folder), { preview: true });
  },
} satisfies FeatureCommands;
