import { answerWords } from '../../src/shared/recordWords.ts';
import { joined, TraceHost } from '../../src/shared/views/traceHost.ts';
import type { ShownTraces, TraceAction, TraceHostSide, TracePageSide } from '../../src/shared/views/traceView.ts';
import { api, follow } from './api.ts';
import { choose } from './choose.ts';
import { serveThisPage } from './pageEnd.ts';

/** The host of the page of traces: `/-/ui/trace?id=ID`, and `&id=ID` for a second one. */

/** How many invocations can be chosen from. */
const CHOICE = 200;

const host = new TraceHost(
  {
    trace: api.trace,
    logs: api.logs,
    groups: async () => (await api.setup()).actual,
    replay: api.replay,
  },
  (later) => channel.tell('show', later),
);

const channel = serveThisPage<TraceHostSide, TracePageSide>({
  requests: {
    ready: () => host.show(new URLSearchParams(location.search).getAll('id')),
    details: ({ trace, span }) => host.details(trace, span),
    search: ({ trace, text }) => host.search(trace, text),
    act,
  },
  events: {},
});
follow(['setup'], () => {
  api.setup().then(
    ({ actual }) => channel.tell('groups', actual),
    // The next event comes when the server is there again.
    () => undefined,
  );
});

async function act(action: TraceAction): Promise<string | undefined> {
  switch (action.kind) {
    case 'fuse': {
      const { actual } = await api.setup();
      const group = joined(actual, action.tasks);
      await api.patchSetup([group]);
      return `Made ${group.join(' + ')}.`;
    }
    case 'replay': {
      const { shown, words } = await host.replay(action.trace, action.span);
      show(shown);
      return words;
    }
    case 'compare':
      return compare(action.trace);
    case 'only':
      show(await host.show([action.trace]));
      return undefined;
    case 'openTask':
      return api.sourceWords(action.task);
  }
}

async function compare(trace: string): Promise<string | undefined> {
  const { spans } = await api.trace(trace);
  const root = spans.find(({ caller }) => caller === null);
  const all = root === undefined ? [] : await api.invocations({ task: root.callee }, CHOICE);
  const others = all.filter((one) => one.callee === root?.callee && one.trace !== trace);
  if (root === undefined || others.length === 0) return 'There is no other invocation of this Task to compare with.';
  const picked = await choose(
    'Show below this trace',
    others.map(({ status, duration, start, trace: id }) => ({
      value: id,
      text: `${new Date(start).toLocaleTimeString()}  ${answerWords(status)}  ${duration.toFixed(1)} ms`,
    })),
  );
  if (picked === undefined) return undefined;
  const isOlder = root.start <= (others.find(({ trace: id }) => id === picked)?.start ?? 0);
  show(await host.show(isOlder ? [trace, picked] : [picked, trace]));
  return undefined;
}

/** Shows other traces, at an address that can be sent to somebody. */
function show(shown: ShownTraces): void {
  const query = new URLSearchParams(shown.traces.map(({ id }) => ['id', id]));
  history.replaceState(null, '', `?${query}`);
  channel.tell('show', shown);
}
