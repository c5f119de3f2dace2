import type { ExtensionCommand } from '../../services.ts';
import { groupFuse } from './groupFuse.ts';

/** Fuses what is selected in the tree, with the groups that it belongs to; where nothing is, it asks. */
export const groupFuseSelected: ExtensionCommand = {
  id: 'fusionizer.group.fuseSelected',
  run: (services, argument, selected) => {
    const { nodes } = services.selection;
    return groupFuse.run(services, argument ?? nodes[0], selected ?? nodes);
  },
};
