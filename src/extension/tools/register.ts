import { lm } from 'vscode';
import type { Services } from '../services.ts';
import { deployTaskTool } from './deployTask.ts';
import { invokeTaskTool } from './invokeTask.ts';
import { listTasksTool } from './listTasks.ts';
import { explained } from './result.ts';
import { taskLogsTool } from './taskLogs.ts';

/** Tools for agents; package.json describes them. Those that act are confirmed by the user. */
export function registerTools(services: Services): void {
  services.context.subscriptions.push(
    lm.registerTool('fusionizer_list_tasks', explained(listTasksTool(services))),
    lm.registerTool('fusionizer_task_logs', explained(taskLogsTool(services))),
    lm.registerTool('fusionizer_invoke_task', explained(invokeTaskTool(services))),
    lm.registerTool('fusionizer_deploy_task', explained(deployTaskTool(services))),
  );
}
