import { Disposable, type TreeItem, type TreeView } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { setContext } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { filterText, isFiltering } from './invocationFilter.ts';
import { invocationItem } from './invocationItem.ts';
import type { InvocationNode } from './invocationNode.ts';
import { InvocationReader } from './invocationReader.ts';
import { RefreshPace } from './refreshPace.ts';

/** The tree **Recent Invocations**. It reads its rows from the server, again whenever something was invoked. */
export class InvocationsTree implements Disposable {
  readonly #services: Services;
  readonly #view: TreeView<InvocationNode>;
  readonly #reader = new InvocationReader();
  readonly #subscriptions: Disposable;

  /** @param refresh makes the editor ask for the rows again */
  constructor(services: Services, view: TreeView<InvocationNode>, refresh: () => void) {
    const { invocations, onServerStatus } = services;
    this.#services = services;
    this.#view = view;
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

  /** The rows; none while no server is connected, as the view never starts one. */
  async nodes(): Promise<InvocationNode[]> {
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

  item(node: InvocationNode): TreeItem {
    return invocationItem(node);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #showFilter(): void {
    const { filter } = this.#services.invocations;
    this.#view.description = filterText(filter);
    void setContext('fusionizer.invocationsFiltered', isFiltering(filter));
  }
}
