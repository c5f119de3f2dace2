import { type LanguageModelTool, lm } from 'vscode';
import type { ToolName } from '../contributes.ts';
import type { Services } from '../services.ts';
import { deployTaskTool } from './deployTask.ts';
import { invokeTaskTool } from './invokeTask.ts';
import { listTasksTool } from './listTasks.ts';
import { explained } from './result.ts';
import { taskLogsTool } from './taskLogs.ts';

/** Tools for agents, as package.json describes them. The user confirms those that act. */
export function registerTools(services: Services): void {
  const tools: Readonly<Record<ToolName, LanguageModelTool<never>>> = {
    fusionizer_list_tasks: listTasksTool(services),
    fusionizer_task_logs: taskLogsTool(services),
    fusionizer_invoke_task: invokeTaskTool(services),
    fusionizer_deploy_task: deployTaskTool(services),
  };
  for (const [name, tool] of Object.entries(tools))
    services.context.subscriptions.push(lm.registerTool(name, explained(tool)));
}
