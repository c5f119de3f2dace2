import { EventEmitter, l10n, type Pseudoterminal } from 'vscode';
import { messageOf } from '../../../shared/errors.ts';
import { DismissedError, UntrustedError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { DeployFailure } from '../deployFailure.ts';
import { type DeployDefinition, problemLine } from './definition.ts';

/** The terminal of a deploy that runs as a task: stages, the build's output, the cause of a failure, an exit code. */
export class DeployTerminal implements Pseudoterminal {
  readonly #services: Services;
  readonly #folder: string;
  readonly #definition: DeployDefinition;
  readonly #write = new EventEmitter<string>();
  readonly #close = new EventEmitter<number>();
  readonly #abort = new AbortController();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;

  constructor(services: Services, folder: string, definition: DeployDefinition) {
    this.#services = services;
    this.#folder = folder;
    this.#definition = definition;
  }

  open(): void {
    void this.#run().then((code) => this.#close.fire(code));
  }

  close(): void {
    this.#abort.abort(new DismissedError());
  }

  async #run(): Promise<number> {
    const { name, force } = this.#definition;
    this.#line(l10n.t('Deploying {0}', this.#folder));
    try {
      const { task, operation, unchanged } = await this.#services.deployer.deploy(this.#folder, {
        name,
        force,
        signal: this.#abort.signal,
        follow: { stage: (stage) => this.#line(`> ${stage}`), output: (line) => this.#line(line) },
      });
      for (const warning of operation.warnings) this.#line(l10n.t('Warning: {0}', warning));
      this.#line(
        unchanged
          ? l10n.t('{0}: nothing has changed since version {1}, which serves.', task.name, task.version)
          : l10n.t('{0}: version {1} serves at {2}', task.name, task.version, task.address),
      );
      return 0;
    } catch (error) {
      this.#line(this.#describe(error));
      return 1;
    }
  }

  #describe(error: unknown): string {
    if (error instanceof DismissedError) return l10n.t('Cancelled: nothing was changed.');
    if (error instanceof UntrustedError)
      return problemLine(l10n.t('This workspace is not trusted, so nothing of it is run.'), undefined, undefined);
    // A second mark, by the problem matcher, would stay after the fault is corrected.
    if (error instanceof DeployFailure && error.marked)
      return `${problemLine(error.message, undefined, undefined)}\n  at ${error.file}:${error.line}`;
    if (error instanceof DeployFailure) return problemLine(error.message, error.file, error.line);
    return problemLine(messageOf(error), undefined, undefined);
  }

  #line(text: string): void {
    // A terminal needs carriage returns.
    this.#write.fire(`${text.replace(/\r?\n/g, '\r\n')}\r\n`);
  }
}
