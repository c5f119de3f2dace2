import type { Exchange } from '../../../src/shared/traceApi.ts';
import { Channel } from '../../../src/shared/views/channel.ts';
import type { ShownTraces, TraceAction, TraceHostSide, TracePageSide } from '../../../src/shared/views/traceView.ts';

/** What stands for the editor beside the page of traces. Tests reach it as `window.host`. */
interface Given {
  readonly shown: ShownTraces;
  /** By span. */
  readonly exchanges: Record<string, Exchange>;
}

const { shown, exchanges } = (globalThis as unknown as { given: Given }).given;
const acts: TraceAction[] = [];
const channel: Channel<TraceHostSide, TracePageSide> = new Channel(
  (data) => (globalThis as unknown as { postMessage(data: unknown): void }).postMessage(structuredClone(data)),
  {
    requests: {
      ready: () => shown,
      details: ({ span }) => exchanges[span],
      search: ({ text }) =>
        Object.keys(exchanges).filter((span) => JSON.stringify(exchanges[span]).toLowerCase().includes(text)),
      act: (action) => {
        acts.push(action);
        return action.kind === 'replay' ? 'The answers are the same.' : undefined;
      },
    },
    events: {},
  },
);
Object.assign(globalThis, {
  host: { acts, channel },
  acquireVsCodeApi: () => ({ postMessage: (data: unknown) => channel.receive(structuredClone(data)) }),
});
