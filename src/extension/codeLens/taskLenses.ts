import { EventEmitter, languages } from 'vscode';
import { TASK_DOCUMENTS } from '../config/configFiles.ts';
import type { Services } from '../services.ts';
import type { CallNumbers } from './callNumbers.ts';

/**
 * `Deploy | Invoke | Logs` above function.yaml and above the handler, and there how the Task is called. They need files
 * only, so they start nothing.
 */
export function registerTaskLenses(services: Services): void {
  const { context, model } = services;
  const changed = new EventEmitter<void>();
  let known = '';
  const stop = model.onChange(() => {
    const deployed = model.taskRows.flatMap(({ task }) => (task ? [`${task.name} ${task.source}`] : [])).join('\n');
    if (deployed === known) return;
    known = deployed;
    changed.fire();
  });
  let numbers: Promise<CallNumbers> | undefined;
  const loadNumbers = (): Promise<CallNumbers> => {
    numbers ??= import('./callNumbers.ts').then(({ callNumbers }) => {
      const made = callNumbers(services, () => changed.fire());
      context.subscriptions.push(made);
      return made;
    });
    return numbers;
  };
  const provider = languages.registerCodeLensProvider(TASK_DOCUMENTS, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      const { lensesOf } = await import('./lensesOf.ts');
      return lensesOf(document, model, await loadNumbers());
    },
  });
  context.subscriptions.push({ dispose: stop }, changed, provider);
}
