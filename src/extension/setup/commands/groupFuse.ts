import type { ExtensionCommand } from '../../services.ts';
import { fuse } from '../changeSetup.ts';
import { conflictOf, outcomeOfFuse } from '../fusion.ts';
import { pickFusion } from '../pickFusion.ts';
import { deployedPieces, deployedTasks } from '../targets.ts';

/**
 * Fuses the selected Tasks and groups. Called on one of them, or on none, it asks for the others. If a group would lose
 * a Task to the selected ones, it shows what is left before that happens.
 */
export const groupFuse: ExtensionCommand = async (services, argument, selected) => {
  await services.server.client();
  const tasks = deployedTasks(services);
  const pieces = deployedPieces(services, argument, selected);
  const names = [...new Set(pieces.flat())];
  const outcome = outcomeOfFuse(tasks, names);
  const isClear = pieces.length > 1 && (outcome === undefined || outcome.left.length === 0);
  await fuse(services, isClear || conflictOf(tasks, names) ? names : await pickFusion(tasks, names));
};
