import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../src/shared/format.ts';
import { answerWords, isFailure } from '../../src/shared/recordWords.ts';
import { axisMarks, axisText } from '../../src/shared/trace/timeAxis.ts';
import type { SpanNode } from '../../src/shared/trace/traceModel.ts';
import { type GridRow, TreeGrid } from '../kit/treeGrid.tsx';
import type { TraceOnPage, TraceStore } from './store.ts';
import { isLongWait, KIND_SIGNS, kindOf, rowWords } from './words.ts';

/** Pixels. */
const ROW = 24;
/** Of a mark on the axis. */
const MARK = 80;
/** Levels that are indented: deeper ones would leave no room for names. */
const INDENTED = 12;

interface SpanRow extends GridRow {
  readonly node: SpanNode;
}

interface WaterfallProps {
  readonly store: TraceStore;
  readonly trace: TraceOnPage;
  readonly index: number;
}

/** One trace: its spans as a tree, and beside it each one's time. */
export function Waterfall({ store, trace, index }: WaterfallProps) {
  const { model, logs, closed } = trace;
  const found = new Set(store.found.filter((place) => place.trace === index).map(({ node }) => node));
  const shown = store.rows(trace);
  const below = new Set(shown.map(({ parent }) => parent?.index));
  const rows = shown.map((node): SpanRow => {
    const isCritical = (model.critical.get(node.index)?.length ?? 0) > 0;
    const hasMore = below.has(node.index) || closed.has(node.index);
    return {
      node,
      key: String(node.index),
      level: node.depth + 1,
      isOpen: hasMore ? !closed.has(node.index) : undefined,
      label: rowWords(node, isCritical, logs.get(node.index)?.length ?? 0),
      className: [found.has(node.index) ? 'found' : '', isFailure(node.span.status) ? 'failed' : '']
        .filter(Boolean)
        .join(' '),
    };
  });
  if (rows.length === 0) return <p class="hint">{emptyWords(store, trace)}</p>;
  const isOwn = store.cursor.trace === index;
  return (
    <TreeGrid
      label={`Spans of trace ${index + 1}. Arrows move; c goes along the critical path, e to errors.`}
      rows={rows}
      rowHeight={ROW}
      cursor={isOwn ? String(store.cursor.node) : undefined}
      focusWanted={isOwn ? store.focusWanted : 0}
      onCursor={({ node }) => store.choose({ trace: index, node: node.index })}
      onOpen={({ node }, isOpen) => store.open(trace, node.index, isOpen)}
      onKey={({ node }, event) => onSpanKey(store, node, event)}
      cells={({ node }) => [
        <Name node={node} isClosed={closed.has(node.index)} hasMore={below.has(node.index)} />,
        <Bar store={store} trace={trace} node={node} />,
      ]}
    />
  );
}

function emptyWords({ filters }: TraceStore, { model }: TraceOnPage): string {
  if (model.nodes.length > 0 && filters.size > 0) return 'No span fits these filters.';
  return 'Nothing of this trace is recorded.';
}

function onSpanKey(store: TraceStore, node: SpanNode, { key, shiftKey }: KeyboardEvent): boolean {
  const by = shiftKey ? -1 : 1;
  switch (key.toLowerCase()) {
    case 'c':
      store.step('critical', by);
      return true;
    case 'e':
      store.step('errors', by);
      return true;
    case 'n':
      store.step('found', by);
      return true;
    case 'o':
      void store.act({ kind: 'openTask', task: node.span.callee });
      return true;
    default:
      return false;
  }
}

function Name({ node, isClosed, hasMore }: { node: SpanNode; isClosed: boolean; hasMore: boolean }) {
  const { span, depth, note } = node;
  return (
    <div class="span-name" style={{ paddingInlineStart: `${Math.min(depth, INDENTED) * 12}px` }} title={note}>
      <span class="twistie" aria-hidden="true">
        {isClosed ? '▸' : hasMore ? '▾' : ''}
      </span>
      <span class={`kind ${kindOf(node)}`} aria-hidden="true">
        {KIND_SIGNS[kindOf(node)]}
      </span>
      <span class="name">{span.callee}</span>
      {isFailure(span.status) && <span class="status">{answerWords(node.span.status)}</span>}
      {span.cold && <span class="mark">cold</span>}
      {isLongWait(node) && <span class="mark">waited</span>}
      {note !== undefined && <span class="mark">?</span>}
    </div>
  );
}

/** A span on the time axis: its bar, in it what is on the critical path, and its logs at their moments. */
function Bar({ store, trace, node }: { store: TraceStore; trace: TraceOnPage; node: SpanNode }) {
  const { length } = store;
  const { at, span, index } = node;
  const place = (from: number, to: number): { left: string; width: string } => ({
    left: `${percent(from, length)}%`,
    width: `${Math.max(0, percent(to, length) - percent(from, length))}%`,
  });
  return (
    <div class="time">
      <div
        class={`bar ${kindOf(node)}${isFailure(span.status) ? ' failed' : ''}`}
        style={place(at, at + span.duration)}
      />
      {span.waited !== undefined && (
        <div
          class="waiting"
          style={place(at, at + span.waited)}
          title={`waited ${formatDuration(span.waited)} for a worker`}
        />
      )}
      {(trace.model.critical.get(index) ?? []).map(({ from, to }) => (
        <div class="critical" style={place(from, to)} />
      ))}
      {(trace.logs.get(index) ?? []).map(({ at: moment, log }) => (
        <div
          class={`log ${log.level}`}
          style={{ left: `${percent(moment, length)}%` }}
          title={`${axisText(moment)} ${log.level}: ${log.message}`}
        />
      ))}
      <span class="duration" style={{ left: `${percent(at + span.duration, length)}%` }}>
        {formatDuration(span.duration)}
      </span>
    </div>
  );
}

const percent = (milliseconds: number, length: number): number =>
  length > 0 ? Math.min(100, Math.max(0, (milliseconds / length) * 100)) : 0;

/** The time axis, above all traces. */
export function Axis({ length }: { length: number }) {
  const axis = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(400);
  useLayoutEffect(() => {
    if (axis.current === null) return undefined;
    const sizes = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    sizes.observe(axis.current);
    return () => sizes.disconnect();
  }, []);
  return (
    <div class="axis" aria-hidden="true">
      <div class="axis-name">Task</div>
      <div class="axis-time" ref={axis}>
        {axisMarks(length, Math.floor(width / MARK)).map((mark) => (
          <span class="axis-mark" style={{ left: `${percent(mark, length)}%` }}>
            {axisText(mark)}
          </span>
        ))}
      </div>
    </div>
  );
}
