import { MapHost } from '../../src/shared/views/mapHost.ts';
import type { MapAction, MapFilter, MapHostSide, MapPageSide, MapPicture } from '../../src/shared/views/mapView.ts';
import { api, follow } from './api.ts';
import { serveThisPage } from './pageEnd.ts';

/** The host of the fusion map: `/-/ui/map`, with `?window=SECONDS` and `&setup=ID` for a part of the calls. */

const host = new MapHost(
  { tasks: api.tasks, groups: async () => (await api.setup()).actual, calls: api.calls },
  (shown) => channel.tell('show', shown),
);

const channel = serveThisPage<MapHostSide, MapPageSide>({
  requests: {
    ready: () => {
      const query = new URLSearchParams(location.search);
      const task = query.get('task');
      if (task !== null) channel.tell('choose', task);
      return host.show(filterOf(query));
    },
    filter: (filter) => {
      history.replaceState(null, '', queryOf(filter));
      return host.show(filter);
    },
    act,
    save,
  },
  events: {},
});
follow(['setup', 'task', 'invocation'], () => host.note());

function filterOf(query: URLSearchParams): MapFilter {
  const window = query.get('window');
  return { window: window === null ? undefined : Number(window), setup: query.get('setup') ?? 'current' };
}

/** An address that can be sent to somebody. */
function queryOf({ window, setup }: MapFilter): string {
  const query = new URLSearchParams({
    ...(window === undefined ? {} : { window: String(window) }),
    ...(setup === 'current' ? {} : { setup }),
  });
  return query.size === 0 ? location.pathname : `?${query}`;
}

async function act(action: MapAction): Promise<string | undefined> {
  switch (action.kind) {
    case 'fuse':
      await api.patchSetup([action.tasks]);
      return `Made ${action.tasks.join(' + ')}.`;
    case 'split':
      await api.patchSetup([[action.task]]);
      return `Split out ${action.task}.`;
    case 'openTask':
      return api.sourceWords(action.task);
  }
}

/** Has the browser save the picture where it saves files. */
function save({ ending, content }: MapPicture): string {
  const type = ending === 'svg' ? 'image/svg+xml' : 'image/png';
  const bytes = ending === 'svg' ? content : Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = `fusion-map.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return `Saved as ${link.download}, where this browser saves files.`;
}
