import type { LogRecord } from '../api.ts';
import type { ShownSpan } from '../trace/traceModel.ts';
import type { Exchange, ReplayView, TraceView } from '../traceApi.ts';
import type { ShownTrace, ShownTraces } from './traceView.ts';

/** What a host of the page of traces needs of the server, by whatever client it has. */
export interface TraceApi {
  trace(id: string): Promise<TraceView>;
  logs(trace: string): Promise<readonly LogRecord[]>;
  groups(): Promise<readonly (readonly string[])[]>;
  replay(trace: string, span: string): Promise<ReplayView>;
}

/** Milliseconds after which a new trace is read again: functions report their calls once a second. */
const SETTLED = 1500;

/** The traces that a page shows, read from a server: the same in the editor and in a browser. */
export class TraceHost {
  readonly #api: TraceApi;
  readonly #changed: (shown: ShownTraces) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: readonly { readonly view: TraceView; readonly logs: readonly LogRecord[] }[] = [];

  /** @param changed gets what is shown once more, when calls that came later are known */
  constructor(api: TraceApi, changed: (shown: ShownTraces) => void) {
    this.#api = api;
    this.#changed = changed;
  }

  /**
   * Reads traces, and shows these instead of others.
   * @param ids one or two; the first characters are enough
   */
  async show(ids: readonly string[]): Promise<ShownTraces> {
    clearTimeout(this.#timer);
    const shown = await this.#read(ids);
    const newest = Math.max(0, ...this.#shown.flatMap(({ view }) => view.spans.map(({ start }) => start)));
    if (Date.now() - newest < SETTLED)
      this.#timer = setTimeout(() => {
        // If the server has gone, what is shown stays.
        this.#read(shown.traces.map(({ id }) => id)).then(this.#changed, () => undefined);
      }, SETTLED);
    return shown;
  }

  /** Reads nothing more. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #read(ids: readonly string[]): Promise<ShownTraces> {
    this.#shown = await Promise.all(
      ids.map(async (id) => {
        const view = await this.#api.trace(id);
        // A trace is worth showing without its logs.
        return { view, logs: await this.#api.logs(view.trace).catch(() => []) };
      }),
    );
    return this.current();
  }

  /** What is shown, with the groups as they are now. */
  async current(): Promise<ShownTraces> {
    const groups = await this.#api.groups().catch(() => undefined);
    return { traces: this.#shown.map(({ view, logs }) => shownTrace(view, logs)), groups };
  }

  details(trace: string, span: string): Exchange | undefined {
    return this.#view(trace)?.spans.find((one) => one.span === span)?.exchange;
  }

  search(trace: string, text: string): string[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    const spans = this.#view(trace)?.spans ?? [];
    return spans.filter(({ exchange }) => exchange !== undefined && hasText(exchange, wanted)).map(({ span }) => span);
  }

  /** Sends a request again, and shows its trace below the one before. */
  async replay(trace: string, span: string): Promise<{ shown: ShownTraces; words: string }> {
    const { trace: made, same, differences, notes } = await this.#api.replay(trace, span);
    const words = [
      same ? 'The answers are the same' : `The answers differ${differences[0] ? ` in ${differences[0].what}` : ''}`,
      ...notes,
    ];
    return { shown: await this.show([trace, made]), words: `${words.join('. ')}.` };
  }

  #view(trace: string): TraceView | undefined {
    return this.#shown.find(({ view }) => view.trace === trace)?.view;
  }
}

/** The Tasks of the groups of two Tasks: fused as one group, what is local stays local. */
export const joined = (groups: readonly (readonly string[])[], tasks: readonly string[]): string[] => [
  ...new Set(tasks.flatMap((task) => groups.find((group) => group.includes(task)) ?? [task])),
];

function shownTrace({ trace, spans }: TraceView, logs: readonly LogRecord[]): ShownTrace {
  const shown = spans.map(({ exchange, ...span }): ShownSpan => ({ ...span, recorded: exchange !== undefined }));
  return { id: trace, spans: shown, logs };
}

function hasText({ request, answer }: Exchange, wanted: string): boolean {
  const parts = [request.path, ...textsOf(request), ...(answer === null ? [] : textsOf(answer))];
  return parts.some((part) => part.toLowerCase().includes(wanted));
}

const textsOf = ({ headers, body }: Pick<Exchange['request'], 'headers' | 'body'>): string[] => [
  body,
  ...Object.entries(headers).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`),
];
