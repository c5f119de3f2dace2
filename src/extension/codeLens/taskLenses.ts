import { EventEmitter, languages } from 'vscode';
import { TASK_DOCUMENTS } from '../config/configFiles.ts';
import type { Services } from '../services.ts';

/** `Deploy | Invoke | Logs` above function.yaml and above the handler. They need files only, so they start nothing. */
export function registerTaskLenses({ context, model }: Services): void {
  const changed = new EventEmitter<void>();
  let known = '';
  const stop = model.onChange(() => {
    const deployed = model.taskRows.flatMap(({ task }) => (task ? [`${task.name} ${task.source}`] : [])).join('\n');
    if (deployed === known) return;
    known = deployed;
    changed.fire();
  });
  const provider = languages.registerCodeLensProvider(TASK_DOCUMENTS, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      const { lensesOf } = await import('./lensesOf.ts');
      return lensesOf(document, model);
    },
  });
  context.subscriptions.push({ dispose: stop }, changed, provider);
}
