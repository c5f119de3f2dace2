import { window, workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { ViewId } from '../contributes.ts';
import { setContext } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { filterText, isFiltering } from './invocationFilter.ts';
import { InvocationsTree } from './invocationsTree.ts';
import { RefreshPace } from './refreshPace.ts';
import { TRACE_SCHEME } from './traceUri.ts';

const VIEW: ViewId = 'fusionizer.invocations';

/** The view **Recent Invocations**, and the documents with what traces recorded. */
export function registerInvocations(services: Services): void {
  const { context, invocations, server, log, onServerStatus } = services;
  const tree = new InvocationsTree(
    invocations,
    () => server.connection?.client,
    (error) => log.warn(messageOf(error)),
  );
  const view = window.createTreeView(VIEW, { treeDataProvider: tree });
  const pace = new RefreshPace(() => tree.refresh());
  context.subscriptions.push(
    tree,
    view,
    pace,
    invocations.onDidInvoke(() => {
      if (view.visible) pace.note();
    }),
    invocations.onDidChange(() => {
      view.description = filterText(invocations.filter);
      void setContext('fusionizer.invocationsFiltered', isFiltering(invocations.filter));
      tree.refresh();
    }),
    // What happened while it was hidden.
    view.onDidChangeVisibility(({ visible }) => visible && tree.refresh()),
    onServerStatus(() => tree.refresh()),
    workspace.registerTextDocumentContentProvider(TRACE_SCHEME, {
      provideTextDocumentContent: async (uri) => {
        const { traceContent } = await import('./traceDocuments.ts');
        return traceContent(services, uri);
      },
    }),
  );
}
