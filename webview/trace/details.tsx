import { formatDuration, formatSize } from '../../src/shared/format.ts';
import { answerWords, isFailure } from '../../src/shared/recordWords.ts';
import { axisText } from '../../src/shared/trace/timeAxis.ts';
import type { SpanNode } from '../../src/shared/trace/traceModel.ts';
import type { RecordedAnswer, RecordedRequest } from '../../src/shared/traceApi.ts';
import { Button } from '../kit/controls.tsx';
import type { TraceOnPage, TraceStore } from './store.ts';
import { KIND_WORDS, kindOf } from './words.ts';

/** All that is known of the span with the cursor. */
export function Details({ store }: { store: TraceStore }) {
  const { node } = store;
  const trace = store.traces[store.cursor.trace];
  if (node === undefined || trace === undefined) return null;
  const { span } = node;
  return (
    <section class="details" aria-label={`Details of ${span.callee}`}>
      <h2>
        {span.callee} <span class={isFailure(span.status) ? 'bad' : 'soft'}>{answerWords(node.span.status)}</span>
      </h2>
      <Actions store={store} node={node} trace={trace} />
      {node.note !== undefined && <p class="note">{node.note}.</p>}
      <dl>
        {facts(node).map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Logs trace={trace} node={node} />
      <Exchanged store={store} node={node} />
    </section>
  );
}

/** What can be done about a span. */
function Actions({ store, node, trace }: { store: TraceStore; node: SpanNode; trace: TraceOnPage }) {
  const { span } = node;
  const { caller } = span;
  const areTogether =
    caller !== null && store.groups?.some((group) => group.includes(caller) && group.includes(span.callee)) === true;
  return (
    <div class="actions">
      {caller !== null && caller !== span.callee && !span.local && !areTogether && (
        <Button
          isPrimary
          title={`Makes one Fusion Group of ${caller} and ${span.callee}: the call becomes a local one`}
          onPress={() => void store.act({ kind: 'fuse', tasks: [caller, span.callee] })}
        >
          Fuse These Tasks
        </Button>
      )}
      {caller !== null && !span.local && areTogether && <p class="soft">They are in one Fusion Group now.</p>}
      {span.recorded && (
        <Button
          title="Sends this request again, and shows both traces"
          onPress={() => void store.act({ kind: 'replay', trace: trace.shown.id, span: span.span })}
        >
          Replay
        </Button>
      )}
      <Button
        title={`Opens the handler of ${span.callee} (o)`}
        onPress={() => void store.act({ kind: 'openTask', task: span.callee })}
      >
        Open Handler
      </Button>
    </div>
  );
}

function facts(node: SpanNode): [string, string][] {
  const { span, at, self } = node;
  const sizes = [
    ...(span.bytesIn === undefined ? [] : [`${formatSize(span.bytesIn)} in`]),
    ...(span.bytesOut === undefined ? [] : [`${formatSize(span.bytesOut)} out`]),
  ];
  return [
    ['Call', span.caller === null ? KIND_WORDS.outer : `${KIND_WORDS[kindOf(node)]} from ${span.caller}`],
    ...(span.request === undefined ? [] : [['Request', span.request] as [string, string]]),
    ['Fusion Group', span.group.join(' + ') || 'unknown'],
    ['Time', `${formatDuration(span.duration)}, ${formatDuration(self)} of it by itself`],
    ['Began', `${axisText(Number(at.toFixed(3)))} after the trace, ${new Date(span.start).toLocaleTimeString()}`],
    ...(span.cold ? [['Start', 'cold: the first event of its worker'] as [string, string]] : []),
    ...(span.waited === undefined
      ? []
      : [['Waited', `${formatDuration(span.waited)} for a worker`] as [string, string]]),
    ...(span.worker === undefined ? [] : [['Worker', span.worker] as [string, string]]),
    ...(span.setup === undefined ? [] : [['Setup', span.setup] as [string, string]]),
    ...(sizes.length === 0 ? [] : [['Size', sizes.join(', ')] as [string, string]]),
    ...(span.replayOf === undefined ? [] : [['Replay of', span.replayOf.slice(0, 8)] as [string, string]]),
    ['Span', span.span],
  ];
}

function Logs({ trace, node }: { trace: TraceOnPage; node: SpanNode }) {
  const logs = trace.logs.get(node.index) ?? [];
  if (logs.length === 0) return null;
  return (
    <>
      <h3>Logs</h3>
      <ul class="logs">
        {logs.map(({ at, log }) => (
          <li class={log.level}>
            <span class="soft">{axisText(at)}</span> {log.level}: {log.message}
          </li>
        ))}
      </ul>
    </>
  );
}

function Exchanged({ store, node }: { store: TraceStore; node: SpanNode }) {
  const { exchange } = store;
  if (exchange === undefined) return <p class="soft">Reading the request...</p>;
  if (exchange === null) return <p class="soft">{whyNotRecorded(node)}</p>;
  const { request, answer, masked } = exchange;
  return (
    <>
      <h3>Request</h3>
      <Message line={`${request.method} ${request.path}`} message={request} />
      <h3>Answer</h3>
      {answer === null ? (
        <p class="soft">No answer came.</p>
      ) : (
        <Message line={String(answer.status)} message={answer} />
      )}
      {masked && <p class="soft">Secrets are shown as ***.</p>}
    </>
  );
}

function whyNotRecorded({ span }: SpanNode): string {
  if (span.local) return 'The request of a local call is not recorded: it never leaves the function.';
  return 'Its request and answer are not recorded, or no longer kept.';
}

function Message({ line, message }: { line: string; message: RecordedRequest | RecordedAnswer }) {
  const { headers, body, encoding, size, truncated } = message;
  return (
    // A region that scrolls has to be reached by the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="message" tabIndex={0} aria-label={line}>
      <pre>
        {line}
        {'\n'}
        <span class="soft">
          {Object.entries(headers)
            .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\n`))
            .join('')}
        </span>
        {'\n'}
        {encoding === 'base64' ? `${formatSize(size)} that are not text` : pretty(body)}
        {truncated && `\n... ${formatSize(size)} in all`}
      </pre>
    </section>
  );
}

/** JSON on one line is hard to read. */
function pretty(body: string): string {
  try {
    return body.startsWith('{') || body.startsWith('[') ? JSON.stringify(JSON.parse(body), null, 2) : body;
  } catch {
    return body;
  }
}
