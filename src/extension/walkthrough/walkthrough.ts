import { commands, type Disposable, window } from 'vscode';
import type { SetupModel } from '../setup/setupModel.ts';
import { type Progress, progressOf } from './progress.ts';

/** A step of the walkthrough, by the context that completes it. */
export type Step = keyof Progress | 'hasOpenedView';

/** Tells VS Code which steps of the walkthrough are done. What was done once stays done. */
export class Walkthrough implements Disposable {
  readonly #done = new Set<Step>();
  readonly #disposables: Disposable[];

  constructor(model: SetupModel) {
    const stop = model.onChange(() => {
      for (const [step, isDone] of Object.entries(progressOf(model.taskRows)) as [Step, boolean][])
        if (isDone) this.complete(step);
    });
    this.#disposables = [
      { dispose: stop },
      // The editor of a walkthrough is of a kind that extensions are not told.
      window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
        if ([...opened, ...changed].some(({ input }) => input === undefined)) void this.tellAgain();
      }),
    ];
  }

  complete(step: Step): void {
    if (this.#done.has(step)) return;
    this.#done.add(step);
    void tell(step);
  }

  /** For a walkthrough that was opened after a step was done: VS Code knows nothing of what was before. */
  async tellAgain(): Promise<void> {
    for (const step of this.#done) await tell(step);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

/**
 * VS Code completes a step when its context becomes true, and never if it was true when VS Code first looked: so it is
 * true for a moment only.
 */
async function tell(step: Step): Promise<void> {
  await commands.executeCommand('setContext', `fusionizer.${step}`, true);
  await commands.executeCommand('setContext', `fusionizer.${step}`, false);
}
