import type { FeatureCommands } from '../services.ts';
import { taskCancelDeploy } from './commands/taskCancelDeploy.ts';
import { taskDeploy } from './commands/taskDeploy.ts';
import { taskDeployAll } from './commands/taskDeployAll.ts';
import { taskRedeployLast } from './commands/taskRedeployLast.ts';

export const deployCommands = {
  'fusionizer.task.cancelDeploy': taskCancelDeploy,
  'fusionizer.task.deploy': taskDeploy,
  'fusionizer.task.deployAll': taskDeployAll,
  'fusionizer.task.redeployLast': taskRedeployLast,
} satisfies FeatureCommands;
