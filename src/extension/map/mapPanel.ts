import path from 'node:path';
import { type Disposable, l10n, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { Channel } from '../../shared/views/channel.ts';
import { MapHost } from '../../shared/views/mapHost.ts';
import type { MapAction, MapHostSide, MapPageSide, MapPicture } from '../../shared/views/mapView.ts';
import { onPage, openHandler } from '../pages/pageActs.ts';
import { pageHtml, pageOptions } from '../pages/pageHtml.ts';
import type { Services } from '../services.ts';
import { fuse, split } from '../setup/changeSetup.ts';

let shown: WebviewPanel | undefined;

/** Shows the fusion map. There is one. @throws the errors of the server's start */
export async function showMap(services: Services): Promise<void> {
  await services.server.client();
  shown ??= makePanel(services, () => {
    shown = undefined;
  });
  shown.reveal(undefined, false);
}

function makePanel(services: Services, closed: () => void): WebviewPanel {
  const { context, model, invocations, server } = services;
  const host = new MapHost(
    {
      tasks: async () => (await server.client()).tasks(),
      groups: async () => (await (await server.client()).setup()).actual,
      calls: async (filter) => (await server.client()).calls(filter),
    },
    (later) => channel.tell('show', later),
  );
  const panel = window.createWebviewPanel('fusionizer.map', l10n.t('Fusion Map'), ViewColumn.Active, {
    ...pageOptions(context.extensionUri),
    // What stays in its place does so while another editor is in front, too.
    retainContextWhenHidden: true,
  });
  const { webview } = panel;
  const channel = new Channel<MapHostSide, MapPageSide>((message) => void webview.postMessage(message), {
    requests: {
      ready: () => host.show(),
      filter: (filter) => host.show(filter),
      act: (action) => onPage(() => act(services, action)),
      save: (picture) => onPage(() => save(picture)),
    },
    events: {},
  });
  const note = (): void => {
    // Reading from a server that was stopped would start it again.
    if (server.connection !== undefined) host.note();
  };
  const disposables: Disposable[] = [
    webview.onDidReceiveMessage((message) => channel.receive(message)),
    { dispose: model.onChange(note) },
    invocations.onDidInvoke(note),
  ];
  panel.onDidDispose(() => {
    host.close();
    channel.close();
    for (const one of disposables) one.dispose();
    closed();
  });
  webview.html = pageHtml(webview, context.extensionUri, 'map', l10n.t('Fusion Map'));
  return panel;
}

/** A change of the setup says in a message what it made, with *Undo*: the page need not. */
async function act(services: Services, action: MapAction): Promise<undefined> {
  switch (action.kind) {
    case 'fuse':
      await fuse(services, action.tasks);
      return undefined;
    case 'split':
      await split(services, [[action.task]]);
      return undefined;
    case 'openTask':
      return openHandler(services, action);
  }
}

async function save({ ending, content }: MapPicture): Promise<string | undefined> {
  const name = `fusion-map.${ending}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    title: l10n.t('Save the Fusion Map'),
    defaultUri: folder ? Uri.joinPath(folder, name) : Uri.file(path.resolve(name)),
    filters: { [ending.toUpperCase()]: [ending] },
  });
  if (target === undefined) return undefined;
  await workspace.fs.writeFile(target, Buffer.from(content, ending === 'svg' ? 'utf8' : 'base64'));
  return l10n.t('The map is saved in {0}.', workspace.asRelativePath(target));
}
