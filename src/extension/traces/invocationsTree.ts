import { type Disposable, EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { InvocationNode } from './invocationNode.ts';
import type { InvocationReader } from './invocationReader.ts';
import type { Invocations } from './invocations.ts';

/** The tree **Recent Invocations**. The code that reads and shows rows is loaded when the view is first shown. */
export class InvocationsTree implements TreeDataProvider<InvocationNode>, Disposable {
  readonly #invocations: Invocations;
  readonly #client: () => FusionizerClient | undefined;
  readonly #report: (error: unknown) => void;
  readonly #emitter = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#emitter.event;
  #reader: Promise<InvocationReader> | undefined;

  /**
   * @param client undefined while no server is connected: the view never starts one
   * @param report what went wrong while invocations were read
   */
  constructor(invocations: Invocations, client: () => FusionizerClient | undefined, report: (error: unknown) => void) {
    this.#invocations = invocations;
    this.#client = client;
    this.#report = report;
  }

  async getChildren(node?: InvocationNode): Promise<InvocationNode[]> {
    const client = this.#client();
    if (node !== undefined || client === undefined) return [];
    this.#reader ??= import('./invocationReader.ts').then(({ InvocationReader }) => new InvocationReader());
    const { filter, shown } = this.#invocations;
    try {
      return await (await this.#reader).read(client, filter, shown);
    } catch (error) {
      this.#report(error);
      return [];
    }
  }

  async getTreeItem(node: InvocationNode): Promise<TreeItem> {
    const { invocationItem } = await import('./invocationItem.ts');
    return invocationItem(node);
  }

  refresh(): void {
    this.#emitter.fire(undefined);
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}
