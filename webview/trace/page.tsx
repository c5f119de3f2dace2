import { useRef } from 'preact/hooks';
import { formatDuration } from '../../src/shared/format.ts';
import { answerWords, countWords, isFailure } from '../../src/shared/recordWords.ts';
import { SPAN_FILTERS, type SpanFilter } from '../../src/shared/trace/traceFilter.ts';
import { Button } from '../kit/controls.tsx';
import { Notice, onSearchKey, useStore } from '../kit/page.tsx';
import { Details } from './details.tsx';
import type { TraceOnPage, TraceStore, Way } from './store.ts';
import { Axis, Waterfall } from './waterfall.tsx';

const FILTER_WORDS: Record<SpanFilter, string> = {
  critical: 'Critical path',
  errors: 'Errors',
  slow: 'Slow',
  remote: 'Remote only',
  cold: 'Cold starts',
};
const FILTER_HINTS: Record<SpanFilter, string> = {
  critical: 'What the whole time depends on',
  errors: 'Without an answer, or with a status of 400 and above',
  slow: 'A tenth of the whole time or more by themselves',
  remote: 'Calls through the server',
  cold: 'First events of their workers',
};

/** The whole page. */
export function TracePage({ store }: { store: TraceStore }) {
  useStore(store);
  const search = useRef<HTMLInputElement>(null);
  if (!store.isReady) return <main class="page" />;
  return (
    <main class="page" onKeyDown={(event) => onSearchKey(event, search)}>
      <h1 class="spoken">{store.traces.length > 1 ? 'Two traces' : 'Trace'}</h1>
      <Notice store={store} />
      <Toolbar store={store} search={search} />
      <div class="body">
        <div class="traces">
          <Axis length={store.length} />
          {store.traces.map((trace, index) => (
            <section class="trace" aria-label={titleOf(trace)}>
              <TraceHead store={store} trace={trace} index={index} />
              <Waterfall store={store} trace={trace} index={index} />
            </section>
          ))}
          {store.traces.length === 0 && <p class="hint">There is no trace to show.</p>}
        </div>
        <Details store={store} />
      </div>
    </main>
  );
}

function titleOf({ shown, model }: TraceOnPage): string {
  const [root] = model.nodes;
  return root === undefined ? `Trace ${shown.id}` : `Trace of ${root.span.callee}, ${timeOf({ model })}`;
}

/** Two traces of one Task differ in it. Their ids begin alike. */
const timeOf = ({ model }: Pick<TraceOnPage, 'model'>): string =>
  model.nodes.length === 0 ? '' : new Date(model.begin).toLocaleTimeString();

function TraceHead({ store, trace, index }: { store: TraceStore; trace: TraceOnPage; index: number }) {
  const { model, shown } = trace;
  const [root] = model.nodes;
  const inner = model.nodes.filter(({ span }) => span.caller !== null);
  const local = inner.filter(({ span }) => span.local).length;
  const counts = countWords({ local, remote: inner.length - local });
  const [first] = store.traces;
  const change =
    index > 0 && first !== undefined && first.model.length > 0 ? model.length / first.model.length : undefined;
  return (
    <h2 class="trace-head">
      <span>{root?.span.request ?? root?.span.callee ?? 'Nothing recorded'}</span>
      {root && <span class={isFailure(root.span.status) ? 'bad' : 'soft'}>{answerWords(root.span.status)}</span>}
      <span>{formatDuration(model.length)}</span>
      {change !== undefined && <span>{changeWords(change)}</span>}
      {counts !== '' && <span class="soft">{counts}</span>}
      <span class="soft">{timeOf(trace)}</span>
      {store.traces.length > 1 ? (
        <Button onPress={() => void store.act({ kind: 'only', trace: shown.id })}>Show Only This</Button>
      ) : (
        <Button
          title="Shows another trace below this one, on the same axis"
          onPress={() => void store.act({ kind: 'compare', trace: shown.id })}
        >
          Compare with...
        </Button>
      )}
    </h2>
  );
}

/** `2.3 x as long`, `a third of the time` would be read more slowly than `0.31 x`. */
function changeWords(change: number): string {
  return change >= 1 ? `${change.toFixed(2)} x as long` : `${(1 / change).toFixed(2)} x as quick`;
}

function Toolbar({ store, search }: { store: TraceStore; search: preact.RefObject<HTMLInputElement | null> }) {
  return (
    <div class="toolbar">
      <fieldset class="filters" aria-label="Show only">
        {SPAN_FILTERS.map((filter) => (
          <button
            type="button"
            class="filter"
            aria-pressed={store.filters.has(filter)}
            title={FILTER_HINTS[filter]}
            onClick={() => store.toggle(filter)}
          >
            {FILTER_WORDS[filter]}
          </button>
        ))}
      </fieldset>
      <Steps store={store} way="critical" name="critical path" keys="c" />
      {store.positionOn('errors').of > 0 && <Steps store={store} way="errors" name="errors" keys="e" />}
      <search class="search">
        <input
          type="search"
          ref={search}
          placeholder="Find (/)"
          aria-label="Find in names, requests and answers"
          value={store.query}
          onInput={(event) => void store.search(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            void store.stepFound(event.shiftKey ? -1 : 1);
          }}
        />
        {store.query.trim() !== '' && <Steps store={store} way="found" name="finds" keys="n" />}
      </search>
    </div>
  );
}

interface StepsProps {
  readonly store: TraceStore;
  readonly way: Way;
  readonly name: string;
  readonly keys: string;
}

/** Goes along the spans of one kind, back and forth. */
function Steps({ store, way, name, keys }: StepsProps) {
  const { at, of } = store.positionOn(way);
  return (
    <fieldset class="steps" aria-label={`Steps along ${name}`}>
      <button
        type="button"
        disabled={of === 0}
        aria-label={`Previous of ${name}`}
        title={`Previous (Shift+${keys.toUpperCase()})`}
        onClick={() => store.step(way, -1)}
      >
        ‹
      </button>
      <span class="soft">
        {name} {at > 0 ? `${at} of ${of}` : of}
      </span>
      <button
        type="button"
        disabled={of === 0}
        aria-label={`Next of ${name}`}
        title={`Next (${keys})`}
        onClick={() => store.step(way, 1)}
      >
        ›
      </button>
    </fieldset>
  );
}
