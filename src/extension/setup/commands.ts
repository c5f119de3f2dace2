import type { FeatureCommands } from '../services.ts';
import { groupFuse } from './commands/groupFuse.ts';
import { groupSplit } from './commands/groupSplit.ts';
import { taskCopyAddress } from './commands/taskCopyAddress.ts';
import { taskDelete } from './commands/taskDelete.ts';
import { taskOpen } from './commands/taskOpen.ts';

export const setupCommands = {
  'fusionizer.group.fuse': groupFuse,
  // A menu gives the rows that are selected; the palette gives none.
  'fusionizer.group.fuseSelected': (services, argument, selected) => {
    const { nodes } = services.selection;
    return groupFuse(services, argument ?? nodes[0], selected ?? nodes);
  },
  'fusionizer.group.split': groupSplit,
  'fusionizer.task.copyAddress': taskCopyAddress,
  'fusionizer.task.delete': taskDelete,
  'fusionizer.task.open': taskOpen,
} satisfies FeatureCommands;
