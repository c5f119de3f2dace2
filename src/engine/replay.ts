import { isUtf8 } from 'node:buffer';
import type { FunctionResponse, InFlightEvent } from '../platform/platform.ts';
import { compareAnswers } from '../shared/compareAnswers.ts';
import { FusionizerError } from '../shared/errors.ts';
import { formatSize } from '../shared/format.ts';
import type {
  RecordedAnswer,
  RecordedHeaders,
  RecordedRequest,
  ReplayRequest,
  ReplayView,
  TraceSpan,
} from '../shared/traceApi.ts';
import { RECORDED_BODY } from '../shared/traceApi.ts';
import type { Fusionizer } from './fusionizer.ts';
import type { TraceHistory } from './observe/traceHistory.ts';
import { MASKED } from './observe/traceStore/headerTexts.ts';
import { headersOf } from './observe/traceStore/traceLine.ts';
import type { RunningEvents } from './runningEvents.ts';

/** Sends recorded requests again, and compares the answers. */
export class Replay {
  readonly #fusionizer: Fusionizer;
  readonly #events: RunningEvents;
  readonly #history: TraceHistory;

  constructor(fusionizer: Fusionizer, events: RunningEvents, history: TraceHistory) {
    this.#fusionizer = fusionizer;
    this.#events = events;
    this.#history = history;
  }

  /**
   * @param id of a trace, or its first characters
   * @param client who waits for the answer
   * @throws FusionizerError `not-found` for a trace, span or Task that is not there; `malformed` for a request that was
   *   not recorded, or not whole
   */
  async send(id: string, edits: ReplayRequest, client: InFlightEvent['client']): Promise<ReplayView> {
    const span = spanOf(await this.#history.trace(id), edits.span);
    const { trace, callee: task, exchange } = span;
    if (exchange === undefined) throw notRecorded(span);
    const notes: string[] = [];
    const { request, body } = edited(exchange.request, edits, notes);
    if (exchange.masked && request.path.includes(MASKED) && edits.path === undefined)
      notes.push('A secret in the path is not recorded: it was sent as ***');
    if (exchange.request.body.includes(MASKED) && exchange.masked && edits.body === undefined)
      notes.push('A secret in the body is not recorded: it was sent as ***');
    const running = this.#fusionizer.route(task);
    if (running === undefined) throw this.#fusionizer.notFound(task);
    if (body.length > running.fn.maxBody)
      throw new FusionizerError('too-large', `Task '${task}' takes bodies of up to ${formatSize(running.fn.maxBody)}`);
    const { method, path: target } = request;
    const event = this.#events.begin(task, running, undefined, undefined, client, { method, target, replayOf: trace });
    const headers = [...this.#events.headersOf(event), ...pairsOf(request.headers)];
    const began = performance.now();
    let result: FunctionResponse | undefined;
    try {
      const ids = { trace: event.trace, span: event.span, parent: undefined };
      result = await running.fn.invoke({ task, method, target, headers, body, ...ids }, event);
    } finally {
      this.#events.end(event, result, { headers, body });
    }
    const after = recordedAnswer(result);
    const before = exchange.answer;
    const differences = before === null ? [] : compareAnswers(before, after);
    if (before === null) notes.push('The recorded request had no answer to compare with');
    else if (before.truncated) notes.push('Of the recorded answer only the first 64 KiB were kept, and compared');
    return {
      trace: event.trace,
      replayOf: { trace, span: span.span },
      request,
      before,
      after,
      durations: { before: span.duration, after: performance.now() - began },
      same: before !== null && differences.length === 0,
      differences,
      notes,
    };
  }
}

/** The span with this id, or the first invocation from outside. */
function spanOf(spans: readonly TraceSpan[], id: string | undefined): TraceSpan {
  const found = id === undefined ? (spans.find(({ caller }) => caller === null) ?? spans[0]) : undefined;
  const span = found ?? spans.find((one) => one.span === id);
  if (span !== undefined) return span;
  throw new FusionizerError(
    'not-found',
    `Trace ${spans[0]?.trace} has no span '${id}': GET /-/traces/${spans[0]?.trace} shows its spans`,
  );
}

function notRecorded({ trace, span, callee, local, request }: TraceSpan): FusionizerError {
  const why = local
    ? 'it is a call inside a function, of which only the span is recorded; replay the invocation that led to it'
    : request === undefined
      ? 'it is an event of a trigger, or a call that did not pass this server'
      : 'the server was started with --record none or errors then, or the request is no longer kept';
  return new FusionizerError(
    'not-found',
    `The request to Task '${callee}' in span ${span} of trace ${trace} was not recorded: ${why}`,
  );
}

function edited(
  recorded: RecordedRequest,
  edits: ReplayRequest,
  notes: string[],
): { request: RecordedRequest; body: Buffer } {
  if (recorded.truncated && edits.body === undefined) {
    const [kept, size] = [RECORDED_BODY, recorded.size].map(formatSize);
    throw new FusionizerError(
      'malformed',
      `Of the request's body of ${size}, the first ${kept} are recorded: give a body`,
    );
  }
  const { body: given } = edits;
  const body =
    given === undefined
      ? Buffer.from(recorded.body, recorded.encoding)
      : Buffer.from(typeof given === 'string' ? given : JSON.stringify(given));
  const headers: RecordedHeaders = {};
  for (const [name, value] of Object.entries(edits.headers ?? recorded.headers)) {
    if (/^(content-length|transfer-encoding|connection|task-name|traceparent|fusionizer-.*)$/i.test(name)) continue;
    if ([value].flat().includes(MASKED)) notes.push(`The header ${name} is secret and not recorded: it was left out`);
    else headers[name] = value;
  }
  if (body.length > 0) headers['Content-Length'] = String(body.length);
  const { method = recorded.method, path = recorded.path } = edits;
  return { request: { method, path, headers, ...recordedBody(body) }, body };
}

const pairsOf = (headers: RecordedHeaders): string[] =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, one]));

function recordedAnswer({ status, headers, body }: FunctionResponse): RecordedAnswer {
  return { status, headers: headersOf(headers), ...recordedBody(Buffer.from(body)) };
}

function recordedBody(body: Buffer): Pick<RecordedAnswer, 'body' | 'encoding' | 'size' | 'truncated'> {
  const kept = body.subarray(0, RECORDED_BODY);
  const encoding = isUtf8(kept) ? 'utf8' : 'base64';
  return { body: kept.toString(encoding), encoding, size: body.length, truncated: body.length > RECORDED_BODY };
}
