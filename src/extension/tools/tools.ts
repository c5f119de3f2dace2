import type { LanguageModelTool } from 'vscode';
import type { ToolName } from '../contributes.ts';
import type { Services } from '../services.ts';
import { deployTaskTool } from './deployTask.ts';
import { invokeTaskTool } from './invokeTask.ts';
import { listTasksTool } from './listTasks.ts';
import { explained } from './result.ts';
import { taskLogsTool } from './taskLogs.ts';

/** Every tool that package.json declares. A missing one does not compile. */
const TOOLS: Readonly<Record<ToolName, (services: Services) => LanguageModelTool<never>>> = {
  fusionizer_list_tasks: listTasksTool,
  fusionizer_task_logs: taskLogsTool,
  fusionizer_invoke_task: invokeTaskTool,
  fusionizer_deploy_task: deployTaskTool,
};

export const toolOf = (name: ToolName, services: Services): LanguageModelTool<never> =>
  explained(TOOLS[name](services));
