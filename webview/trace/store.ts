import { messageOf } from '../../src/shared/errors.ts';
import { isFailure } from '../../src/shared/recordWords.ts';
import { type PlacedLog, spanLogs } from '../../src/shared/trace/spanLogs.ts';
import { filtered, rowsOf, type SpanFilter, searched } from '../../src/shared/trace/traceFilter.ts';
import { type SpanNode, type TraceModel, traceModel } from '../../src/shared/trace/traceModel.ts';
import type { Exchange } from '../../src/shared/traceApi.ts';
import type { Channel } from '../../src/shared/views/channel.ts';
import type {
  ShownTrace,
  ShownTraces,
  TraceAction,
  TraceHostSide,
  TracePageSide,
} from '../../src/shared/views/traceView.ts';
import { announce } from '../kit/announce.ts';

/** One trace on the page. */
export interface TraceOnPage {
  readonly shown: ShownTrace;
  readonly model: TraceModel;
  readonly logs: ReadonlyMap<number, readonly PlacedLog[]>;
  readonly closed: Set<number>;
}

/** A span of one of the traces. */
export interface SpanPlace {
  readonly trace: number;
  readonly node: number;
}

/** What steps can be taken along, from one span to the next. */
export type Way = 'critical' | 'errors' | 'found';

/** The state of the page. */
export class TraceStore {
  readonly #listeners = new Set<() => void>();
  #channel: Channel<TracePageSide, TraceHostSide> | undefined;
  traces: readonly TraceOnPage[] = [];
  groups: ShownTraces['groups'];
  #searching: Promise<void> = Promise.resolve();
  /** Whether no find of this search has been gone to: the first one may be where the cursor is. */
  #isNewSearch = false;
  readonly filters = new Set<SpanFilter>();
  cursor: SpanPlace = { trace: 0, node: 0 };
  /** Grows when the focus has to go to the cursor. */
  focusWanted = 0;
  query = '';
  found: readonly SpanPlace[] = [];
  /** Of the span with the cursor; undefined until it came, null if it is not kept. */
  exchange: Exchange | null | undefined;
  notice: string | undefined;
  isReady = false;

  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what to show from the host. */
  async begin(channel: Channel<TracePageSide, TraceHostSide>): Promise<void> {
    this.#channel = channel;
    await this.#try(async () => this.show(await channel.request('ready', undefined)));
    this.isReady = true;
    this.#tell();
  }

  /** Shows other traces, or more of the same ones: what was chosen and closed in those stays. */
  show({ traces, groups }: ShownTraces): void {
    const before = new Map(this.traces.map((one) => [one.shown.id, one]));
    const at = this.node;
    this.traces = traces.map((shown): TraceOnPage => {
      const model = traceModel(shown.spans);
      const closed = before.get(shown.id)?.closed ?? new Set<number>();
      return { shown, model, logs: spanLogs(model, shown.logs), closed };
    });
    this.groups = groups;
    const trace = Math.max(
      0,
      this.traces.findIndex(({ shown }) => shown.spans.some(({ span }) => span === at?.span.span)),
    );
    const node = this.traces[trace]?.model.nodes.findIndex(({ span }) => span.span === at?.span.span) ?? 0;
    this.cursor = { trace, node: Math.max(0, node) };
    void this.#readDetails();
    void this.search(this.query);
    this.#tell();
  }

  setGroups(groups: ShownTraces['groups']): void {
    this.groups = groups;
    this.#tell();
  }

  get node(): SpanNode | undefined {
    return this.traces[this.cursor.trace]?.model.nodes[this.cursor.node];
  }

  /** Milliseconds that the axis has: one for all traces. */
  get length(): number {
    return Math.max(0, ...this.traces.map(({ model }) => model.length));
  }

  rows(trace: TraceOnPage): readonly SpanNode[] {
    return rowsOf(trace.model, filtered(trace.model, this.filters).shown, trace.closed);
  }

  /** Moves the cursor, and the focus if it is not there yet. */
  choose(place: SpanPlace, withFocus = true): void {
    const isOther = place.trace !== this.cursor.trace || place.node !== this.cursor.node;
    this.cursor = place;
    if (withFocus) this.focusWanted += 1;
    if (isOther) {
      this.exchange = undefined;
      void this.#readDetails();
    }
    this.#tell();
  }

  open(trace: TraceOnPage, node: number, isOpen: boolean): void {
    if (isOpen) trace.closed.delete(node);
    else trace.closed.add(node);
    this.#tell();
  }

  toggle(filter: SpanFilter): void {
    if (!this.filters.delete(filter)) this.filters.add(filter);
    const rows = this.traces.map((trace) => this.rows(trace));
    const spans = this.traces.reduce((sum, { model }) => sum + model.nodes.length, 0);
    announce(`${rows.flat().length} of ${spans} spans`);
    // The span with the cursor may be hidden now.
    const { trace, node } = this.cursor;
    const own = rows[trace] ?? [];
    if (!own.some(({ index }) => index === node))
      this.choose(own[0] === undefined ? { trace: 0, node: 0 } : { trace, node: own[0].index }, false);
    this.#tell();
  }

  /** Finds a text in names, and in what was recorded. */
  search(query: string): Promise<void> {
    this.#searching = this.#search(query);
    return this.#searching;
  }

  /** Goes to the next find, or the one before, as soon as the search for what was typed has ended. */
  async stepFound(by: 1 | -1): Promise<void> {
    await this.#searching;
    this.step('found', by);
  }

  async #search(query: string): Promise<void> {
    this.#isNewSearch ||= query !== this.query;
    this.query = query;
    const own = this.traces;
    const places = await Promise.all(
      own.map(async ({ shown, model }, trace): Promise<SpanPlace[]> => {
        const inside = query.trim() === '' ? [] : await this.#searchValues(shown.id, query);
        return searched(model, query, new Set(inside)).map((node) => ({ trace, node }));
      }),
    );
    // Somebody may have typed on meanwhile.
    if (this.query !== query || this.traces !== own) return;
    this.found = places.flat();
    if (query.trim() !== '') announce(this.found.length === 0 ? 'Nothing found' : `${this.found.length} found`);
    this.#tell();
  }

  /** Goes to the next span on a way, or the one before; around at the end. */
  step(way: Way, by: 1 | -1): void {
    const places = this.#placesOn(way);
    if (places.length === 0) {
      announce(way === 'errors' ? 'There is no error' : 'Nothing found');
      return;
    }
    const order = ({ trace, node }: SpanPlace): number => trace * 1e6 + node;
    const isFirst = way === 'found' && this.#isNewSearch;
    if (way === 'found') this.#isNewSearch = false;
    const now = order(this.cursor) - (isFirst ? by : 0);
    const next =
      by === 1
        ? (places.find((place) => order(place) > now) ?? places[0])
        : (places.findLast((place) => order(place) < now) ?? places.at(-1));
    if (next === undefined) return;
    this.#uncover(next);
    this.choose(next);
  }

  /** The number of the span with the cursor on a way, from 1; 0 if it is not on it. */
  positionOn(way: Way): { readonly at: number; readonly of: number } {
    const places = this.#placesOn(way);
    const at = places.findIndex(({ trace, node }) => trace === this.cursor.trace && node === this.cursor.node);
    return { at: at + 1, of: places.length };
  }

  async act(action: TraceAction): Promise<void> {
    await this.#try(async () => {
      const words = await this.#channel?.request('act', action, Number.POSITIVE_INFINITY);
      this.notice = words;
      if (words !== undefined) announce(words);
    });
    this.#tell();
  }

  dismiss(): void {
    this.notice = undefined;
    this.#tell();
  }

  #placesOn(way: Way): readonly SpanPlace[] {
    if (way === 'found') return this.found;
    return this.traces.flatMap(({ model }, trace) =>
      model.nodes
        .filter((node) =>
          way === 'errors' ? isFailure(node.span.status) : (model.critical.get(node.index)?.length ?? 0) > 0,
        )
        .map(({ index }) => ({ trace, node: index })),
    );
  }

  /** Opens what a span is in, and lifts filters that hide it. */
  #uncover({ trace, node }: SpanPlace): void {
    const own = this.traces[trace];
    if (own === undefined) return;
    for (let one = own.model.nodes[node]?.parent; one !== undefined; one = one.parent) own.closed.delete(one.index);
    if (!filtered(own.model, this.filters).shown.has(node)) this.filters.clear();
  }

  async #searchValues(trace: string, text: string): Promise<readonly string[]> {
    try {
      return (await this.#channel?.request('search', { trace, text })) ?? [];
    } catch (error) {
      this.notice = `Requests and answers were not searched: ${messageOf(error)}`;
      return [];
    }
  }

  async #readDetails(): Promise<void> {
    const { node, cursor } = this;
    const trace = this.traces[cursor.trace]?.shown.id;
    if (node === undefined || trace === undefined || !node.span.recorded) {
      this.exchange = null;
      return;
    }
    await this.#try(async () => {
      const exchange = await this.#channel?.request('details', { trace, span: node.span.span });
      if (this.node === node) this.exchange = exchange ?? null;
    });
    this.#tell();
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.notice = messageOf(error);
      announce(this.notice);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
