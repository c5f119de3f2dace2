import type { Disposable } from 'vscode';
import type { ConfigDiagnostics } from '../config/configDiagnostics.ts';
import type { FaultMarks } from './faultMarks.ts';
import type { Fault, FaultPlace } from './faultPlace.ts';

/** The marks of the faults that deploys failed with. Their code is loaded when the first deploy fails. */
export class DeployProblems implements Disposable {
  readonly #config: ConfigDiagnostics;
  #marks: FaultMarks | undefined;

  constructor(config: ConfigDiagnostics) {
    this.#config = config;
  }

  /** @param folder the Task's, or its only file */
  async mark(folder: string, fault: Fault): Promise<FaultPlace> {
    const { FaultMarks } = await import('./faultMarks.ts');
    this.#marks ??= new FaultMarks(this.#config);
    return this.#marks.mark(folder, fault);
  }

  clear(folder: string): void {
    this.#marks?.clear(folder);
  }

  dispose(): void {
    this.#marks?.dispose();
  }
}
