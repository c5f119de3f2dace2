import { window, workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { ViewId } from '../contributes.ts';
import { reportError } from '../reportError.ts';
import { hasServer } from '../server/serverConnection.ts';
import { mayStart, startQuietly } from '../server/startQuietly.ts';
import type { Services } from '../services.ts';
import { fuse, split } from './changeSetup.ts';
import { FreshTasks } from './freshTasks.ts';
import { SetupDragAndDrop } from './tree/dragAndDrop.ts';
import { SetupTree } from './tree/setupTree.ts';

const VIEW: ViewId = 'fusionizer.setup';

/** The view **Fusion Setup**. Opening it starts the server. */
export function registerSetupView(services: Services): void {
  const { context, model, folders, server, walkthrough, log, selection } = services;
  let opening = false;
  const fresh = new FreshTasks(
    async (name) => server.connection?.client.task(name),
    (name) => tree.refreshTooltip(name),
  );
  const tree: SetupTree = new SetupTree(
    model,
    async () => {
      walkthrough.complete('hasOpenedView');
      opening = mayStart();
      await folders.listed();
      // After the rows: starting the server keeps the extension host busy.
      const start = (): void => {
        opening = false;
        startQuietly(services);
      };
      folders.ready().then(start, (error: unknown) => {
        log.error(messageOf(error));
        start();
      });
    },
    () => opening || hasServer(server.status),
    fresh,
  );
  const guarded = (change: typeof fuse) => (names: string[]) =>
    change(services, names).catch((error: unknown) => reportError(services, error));
  const view = window.createTreeView(VIEW, {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: false,
    dragAndDropController: new SetupDragAndDrop(model, { fuse: guarded(fuse), split: guarded(split) }),
  });
  context.subscriptions.push(
    fresh,
    tree,
    view,
    view.onDidChangeSelection(({ selection: nodes }) => {
      selection.nodes = nodes;
    }),
    // A message in the view would hide the welcome content with its buttons.
    services.onServerStatus(() => tree.serverChanged()),
    workspace.onDidGrantWorkspaceTrust(() => view.visible && startQuietly(services)),
  );
}
