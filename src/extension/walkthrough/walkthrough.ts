import { type Disposable, window } from 'vscode';
import type { Answers } from '../invoke/answers.ts';
import { setContext } from '../ownCommands.ts';
import type { SetupModel } from '../setup/setupModel.ts';
import { type Progress, progressOf } from './progress.ts';

/** A step of the walkthrough, named by the context that completes it. */
export type Step = keyof Progress | 'hasOpenedView';

/** Completes the steps of the walkthrough as the user does them. A step that was done once stays done. */
export class Walkthrough implements Disposable {
  readonly #done = new Set<Step>();
  readonly #disposables: Disposable[];

  constructor(model: SetupModel, answers: Answers) {
    const stop = model.onChange(() => {
      for (const [step, isDone] of Object.entries(progressOf(model.taskRows)) as [Step, boolean][])
        if (isDone) this.complete(step);
    });
    this.#disposables = [
      { dispose: stop },
      answers.onDidUpdate(() => answers.tasks.length > 0 && this.complete('hasInvoked')),
      // VS Code does not say which tab is a walkthrough's: its input is of no kind that extensions know.
      window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
        if ([...opened, ...changed].some(({ input }) => input === undefined)) void this.completeAgain();
      }),
    ];
  }

  complete(step: Step): void {
    if (this.#done.has(step)) return;
    this.#done.add(step);
    void pulse(step);
  }

  /** For a walkthrough that was opened after a step was done: VS Code only sees what happens while it is open. */
  async completeAgain(): Promise<void> {
    for (const step of this.#done) await pulse(step);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

/**
 * VS Code completes a step when its context becomes true, but not if it was true when VS Code first looked. The context
 * is therefore true for a moment only.
 */
async function pulse(step: Step): Promise<void> {
  await setContext(`fusionizer.${step}`, true);
  await setContext(`fusionizer.${step}`, false);
}
