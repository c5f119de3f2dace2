import { tasks } from 'vscode';
import type { Services } from '../../services.ts';

/** Provides deploys as tasks: one for each Task folder, and those of tasks.json, which a launch can depend on. */
export function registerTaskType(services: Services): void {
  const provider = tasks.registerTaskProvider('fusionizer', {
    provideTasks: async () => {
      await services.folders.ready();
      const { folderTasks } = await import('./deployTasks.ts');
      return folderTasks(services);
    },
    resolveTask: async (task) => {
      const { resolvedTask } = await import('./deployTasks.ts');
      return resolvedTask(services, task);
    },
  });
  services.context.subscriptions.push(provider);
}
