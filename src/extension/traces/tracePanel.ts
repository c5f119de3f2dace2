import { type Disposable, l10n, ViewColumn, type WebviewPanel, window } from 'vscode';
import { Channel } from '../../shared/views/channel.ts';
import { joined, TraceHost } from '../../shared/views/traceHost.ts';
import type { ShownTraces, TraceAction, TraceHostSide, TracePageSide } from '../../shared/views/traceView.ts';
import { onPage, openHandler } from '../pages/pageActs.ts';
import { pageHtml, pageOptions } from '../pages/pageHtml.ts';
import type { Services } from '../services.ts';
import { fuse } from '../setup/changeSetup.ts';
import { traceBeside } from './traceBeside.ts';

let shown: TracePanel | undefined;

/**
 * Shows one trace, or two on one axis, in the panel for traces. There is one, which is used again.
 * @param ids of the traces; their first characters are enough
 */
export async function showTraces(services: Services, ids: readonly string[]): Promise<void> {
  shown ??= new TracePanel(services, () => {
    shown = undefined;
  });
  await shown.show(ids);
}

class TracePanel {
  readonly #services: Services;
  readonly #panel: WebviewPanel;
  readonly #host: TraceHost;
  readonly #channel: Channel<TraceHostSide, TracePageSide>;

  constructor(services: Services, closed: () => void) {
    this.#services = services;
    const { context, model } = services;
    this.#host = new TraceHost(
      {
        trace: async (id) => (await services.server.client()).trace(id),
        logs: async (trace) => (await services.server.client()).logs(undefined, { trace }),
        groups: async () => (await (await services.server.client()).setup()).actual,
        replay: async (trace, span) => (await services.server.client()).replay(trace, { span }),
      },
      (later) => this.#channel.tell('show', later),
    );
    this.#panel = window.createWebviewPanel('fusionizer.trace', l10n.t('Trace'), ViewColumn.Active, {
      ...pageOptions(context.extensionUri),
      // What was searched and closed stays while another editor is in front.
      retainContextWhenHidden: true,
    });
    const { webview } = this.#panel;
    this.#channel = new Channel((message) => void webview.postMessage(message), {
      requests: {
        ready: () => this.#host.current(),
        details: ({ trace, span }) => this.#host.details(trace, span),
        search: ({ trace, text }) => this.#host.search(trace, text),
        act: (action) => onPage(() => this.#act(action)),
      },
      events: {},
    });
    const disposables: Disposable[] = [
      webview.onDidReceiveMessage((message) => this.#channel.receive(message)),
      {
        dispose: model.onChange(() => {
          const groups = model.setup?.actual;
          if (groups !== undefined) this.#channel.tell('groups', groups);
        }),
      },
    ];
    this.#panel.onDidDispose(() => {
      this.#host.close();
      this.#channel.close();
      for (const one of disposables) one.dispose();
      closed();
    });
    webview.html = pageHtml(webview, context.extensionUri, 'trace', l10n.t('Trace'));
  }

  async show(ids: readonly string[]): Promise<void> {
    this.#tell(await this.#host.show(ids));
    this.#panel.reveal(undefined, false);
  }

  #tell(traces: ShownTraces): void {
    const [root] = traces.traces[0]?.spans ?? [];
    const name = root?.callee ?? l10n.t('Trace');
    this.#panel.title = traces.traces.length > 1 ? l10n.t('Two traces of {0}', name) : l10n.t('Trace of {0}', name);
    this.#channel.tell('show', traces);
  }

  async #act(action: TraceAction): Promise<string | undefined> {
    const services = this.#services;
    switch (action.kind) {
      case 'fuse': {
        const { actual } = await (await services.server.client()).setup();
        await fuse(services, joined(actual, action.tasks));
        return undefined;
      }
      case 'replay': {
        const { shown: traces, words } = await this.#host.replay(action.trace, action.span);
        this.#tell(traces);
        return words;
      }
      case 'compare': {
        const other = await traceBeside(services, action.trace);
        if (other !== undefined) this.#tell(await this.#host.show(other));
        return undefined;
      }
      case 'only':
        this.#tell(await this.#host.show([action.trace]));
        return undefined;
      case 'openTask':
        return openHandler(services, action);
    }
  }
}
