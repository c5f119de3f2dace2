import { isDeepStrictEqual } from 'node:util';
import { Disposable, type TreeItem, type TreeView } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { RefreshPace } from '../../shared/views/refreshPace.ts';
import { setContext } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { filterText, isFiltering } from './invocationFilter.ts';
import { invocationItem, invocationTooltip } from './invocationItem.ts';
import type { InvocationNode } from './invocationNode.ts';
import { InvocationReader } from './invocationReader.ts';

/** The tree **Recent Invocations**. It reads its rows from the server, again whenever something was invoked. */
export class InvocationsTree implements Disposable {
  readonly #services: Services;
  readonly #view: TreeView<InvocationNode>;
  readonly #changed: () => void;
  readonly #reader = new InvocationReader();
  readonly #subscriptions: Disposable;
  #rows: readonly InvocationNode[] | undefined;
  #reads = 0;

  /** @param changed makes the editor ask for the rows again */
  constructor(services: Services, view: TreeView<InvocationNode>, changed: () => void) {
    const { invocations, onServerStatus } = services;
    this.#services = services;
    this.#view = view;
    this.#changed = changed;
    const refresh = (): void => void this.#refresh();
    const pace = new RefreshPace(refresh);
    this.#subscriptions = Disposable.from(
      pace,
      invocations.onDidInvoke(() => {
        if (view.visible) pace.note();
      }),
      invocations.onDidChange(() => {
        this.#showFilter();
        refresh();
      }),
      // What happened while it was hidden.
      view.onDidChangeVisibility(({ visible }) => visible && refresh()),
      onServerStatus(refresh),
    );
    this.#showFilter();
  }

  async nodes(): Promise<InvocationNode[]> {
    this.#rows ??= await this.#read();
    return [...this.#rows];
  }

  item(node: InvocationNode): TreeItem {
    return invocationItem(node);
  }

  /** Adds the tooltip when the mouse rests on a row, as each row is sent to the window with all of its parts. */
  resolve(item: TreeItem, node: InvocationNode): TreeItem {
    if (node !== 'older') item.tooltip = invocationTooltip(node);
    return item;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Rows that stay the same are not drawn anew, so that a tooltip above them stays too. */
  async #refresh(): Promise<void> {
    this.#reads += 1;
    const read = this.#reads;
    const rows = await this.#read();
    // A later one knows more.
    if (read !== this.#reads || isDeepStrictEqual(rows, this.#rows)) return;
    this.#rows = rows;
    this.#changed();
  }

  /** None while no server is connected, as the view never starts one. */
  async #read(): Promise<readonly InvocationNode[]> {
    const { server, invocations, log } = this.#services;
    const client = server.connection?.client;
    if (client === undefined) return [];
    try {
      return await this.#reader.read(client, invocations.filter, invocations.limit);
    } catch (error) {
      log.warn(messageOf(error));
      return [];
    }
  }

  #showFilter(): void {
    const { filter } = this.#services.invocations;
    this.#view.description = filterText(filter);
    void setContext('fusionizer.invocationsFiltered', isFiltering(filter));
  }
}
