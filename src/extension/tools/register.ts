import { type LanguageModelTool, lm } from 'vscode';
import type { ToolName } from '../contributes.ts';
import type { Services } from '../services.ts';

/**
 * Registers every tool for agents that package.json declares. The user confirms those that act. Their code is loaded
 * when an agent first uses one.
 */
export function registerTools(services: Services): void {
  const { context } = services;
  const declared: readonly { name: ToolName }[] = context.extension.packageJSON.contributes.languageModelTools;
  for (const { name } of declared) {
    const load = async (): Promise<LanguageModelTool<never>> => {
      const { toolOf } = await import('./tools.ts');
      return toolOf(name, services);
    };
    const tool: LanguageModelTool<never> = {
      prepareInvocation: async (options, token) => (await load()).prepareInvocation?.(options, token),
      invoke: async (options, token) => (await load()).invoke(options, token),
    };
    context.subscriptions.push(lm.registerTool(name, tool));
  }
}
