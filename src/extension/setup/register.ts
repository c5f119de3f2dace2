import { l10n, window, workspace } from 'vscode';
import type { ViewId } from '../contributes.ts';
import { reportError } from '../reportError.ts';
import { serveQuietly } from '../server/serveQuietly.ts';
import type { Services } from '../services.ts';
import { FreshTasks } from './freshTasks.ts';
import { SetupDragAndDrop } from './tree/dragAndDrop.ts';
import { SetupTree } from './tree/setupTree.ts';
import { showsRows } from './viewState.ts';

const VIEW: ViewId = 'fusionizer.setup';

/** The view **Fusion Setup**. Showing it starts the server where there is something to serve. */
export function registerSetupView(services: Services): void {
  const { context, model, folders, server, walkthrough, selection } = services;
  let visible = false;
  const serve = (): void => {
    if (visible) void serveQuietly(services);
  };
  const fresh = new FreshTasks(
    async (name) => server.connection?.client.task(name),
    (name) => tree.refreshTooltip(name),
  );
  const tree: SetupTree = new SetupTree(
    model,
    async () => {
      walkthrough.complete('hasOpenedView');
      visible = true;
      serve();
      await folders.listed();
    },
    () => showsRows({ trusted: workspace.isTrusted, server: server.status.kind }),
    fresh,
  );
  const change = (made: (changes: typeof import('./changeSetup.ts')) => Promise<void>): Promise<void> =>
    import('./changeSetup.ts').then(made).catch((error: unknown) => reportError(services, error));
  const view = window.createTreeView(VIEW, {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: false,
    dragAndDropController: new SetupDragAndDrop(model, {
      fuse: (names) => change(({ fuse }) => fuse(services, names)),
      split: (pieces) => change(({ split }) => split(services, pieces)),
    }),
  });
  const explain = (): void => {
    // Only above rows: a message would hide the welcome content with its buttons.
    const restricted = !workspace.isTrusted && model.rows.length > 0;
    const text = restricted ? l10n.t('Restricted Mode: Nuclio Tasks are shown, but neither deployed nor run.') : '';
    if (text !== (view.message ?? '')) view.message = text;
  };
  const stop = model.onChange(({ structure }) => {
    if (!structure) return;
    explain();
    // A folder with a Task may have come.
    serve();
  });
  context.subscriptions.push(
    fresh,
    tree,
    view,
    view.onDidChangeSelection(({ selection: nodes }) => {
      selection.nodes = nodes;
    }),
    view.onDidChangeVisibility((change) => {
      visible = change.visible;
      serve();
    }),
    { dispose: stop },
    services.onServerStatus(() => tree.serverChanged()),
    workspace.onDidGrantWorkspaceTrust(() => {
      explain();
      tree.serverChanged();
      serve();
    }),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('fusionizer.server.url') && serve()),
  );
}
