import { commands } from 'vscode';
import type { Services } from '../services.ts';
import { type Progress, progressOf } from './progress.ts';

/** Tells VS Code which steps of the walkthrough are done. What was done once stays done. */
export function followWalkthrough({ context, model }: Services): void {
  const done = new Set<keyof Progress>();
  const stop = model.onChange(() => {
    for (const [step, isDone] of Object.entries(progressOf(model.taskRows)) as [keyof Progress, boolean][]) {
      if (!isDone || done.has(step)) continue;
      done.add(step);
      void commands.executeCommand('setContext', `fusionizer.${step}`, true);
    }
  });
  context.subscriptions.push({ dispose: stop });
}
