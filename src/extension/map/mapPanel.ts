import path from 'node:path';
import { type Disposable, l10n, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { Channel } from '../../shared/views/channel.ts';
import { MapHost } from '../../shared/views/mapHost.ts';
import type { MapAction, MapHostSide, MapPageSide, MapPicture } from '../../shared/views/mapView.ts';
import { onPage, openHandler } from '../pages/pageActs.ts';
import { pageHtml, pageOptions } from '../pages/pageHtml.ts';
import type { Services } from '../services.ts';
import { fuse, split } from '../setup/changeSetup.ts';

interface MapPanel {
  readonly panel: WebviewPanel;
  choose(task: string): void;
}

let shown: MapPanel | undefined;

/**
 * Shows the fusion map. There is one.
 * @param task whose calls to show
 * @throws the errors of the server's start
 */
export async function showMap(services: Services, task?: string): Promise<void> {
  await services.server.client();
  shown ??= makePanel(services, () => {
    shown = undefined;
  });
  shown.panel.reveal(undefined, false);
  if (task !== undefined) shown.choose(task);
}

function makePanel(services: Services, closed: () => void): MapPanel {
  /** The Task to choose once the page has begun: until then, it hears nothing. */
  let wanted: string | undefined;
  let hasBegun = false;
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
      ready: async () => {
        const first = await host.show();
        hasBegun = true;
        if (wanted !== undefined) channel.tell('choose', wanted);
        return first;
      },
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
  return {
    panel,
    choose: (task) => {
      wanted = task;
      if (hasBegun) channel.tell('choose', task);
    },
  };
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
