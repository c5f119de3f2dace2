import { EventEmitter, window, workspace } from 'vscode';
import type { ViewId } from '../contributes.ts';
import type { Services } from '../services.ts';
import type { InvocationNode } from './invocationNode.ts';
import { RECORDED_SCHEME } from './invocations.ts';
import type { InvocationsTree } from './invocationsTree.ts';

const VIEW: ViewId = 'fusionizer.invocations';

/** The view **Recent Invocations**, and documents with recorded answers. Their code is loaded when one is shown. */
export function registerInvocations(services: Services): void {
  const { subscriptions } = services.context;
  const changes = new EventEmitter<undefined>();
  let loaded: Promise<InvocationsTree> | undefined;
  const tree = (): Promise<InvocationsTree> => {
    loaded ??= import('./invocationsTree.ts').then(({ InvocationsTree }) => {
      const made = new InvocationsTree(services, view, () => changes.fire(undefined));
      subscriptions.push(made);
      return made;
    });
    return loaded;
  };
  const view = window.createTreeView<InvocationNode>(VIEW, {
    treeDataProvider: {
      onDidChangeTreeData: changes.event,
      getChildren: async (node) => (node === undefined ? (await tree()).nodes() : []),
      getTreeItem: async (node) => (await tree()).item(node),
      resolveTreeItem: async (item, node) => (await tree()).resolve(item, node),
    },
  });
  subscriptions.push(
    changes,
    view,
    workspace.registerTextDocumentContentProvider(RECORDED_SCHEME, {
      provideTextDocumentContent: async (uri) => {
        const { recordedContent } = await import('./compareSides.ts');
        return recordedContent(services, uri);
      },
    }),
  );
}

/** Shows a trace in the panel for traces, whose code is loaded then. @param id its first characters are enough */
export async function openTrace(services: Services, id: string): Promise<void> {
  const { showTraces } = await import('./tracePanel.ts');
  await showTraces(services, [id]);
}
