'use strict';

const { STATUS_CODES } = require('node:http');
const { performance } = require('node:perf_hooks');
const { LocalCall } = require('./call');
const { answer } = require('./encode');
const { makeEvent } = require('./event');
const { newEventId, newSpan } = require('./trace_context');
const { answerHeaders, asSent, canonicalHeader, receivedHeaders, receivedValue } = require('./nuclio_http');
const { DEFAULTS, failed, sentHeaders } = require('./request');
const { logsHeader } = require('./logs');
const { isPlain, isReceivable, mayBeLarge } = require('./wire');

const LOG_LEVEL = 'X-Nuclio-Log-Level';

/** The shortest time of a timer, in ms. */
const SHORTEST_TIME = 1;

/** Statuses whose answers have no body. */
const BODILESS = new Set([204, 304]);

/**
 * @param {import('./call').Call} caller
 * @param {string} name
 * @param {import('./routes').Route} route
 * @param {import('./request').SessionRequest} request
 * @param {number} [redirects] followed so far
 * @returns {import('./dispatcher').Task | undefined} the Task, if a call of it is local: the way over the server would
 *   not change the request. At the end of a chain that is too long no call is: the server refuses it, with an error
 *   that shows the chain
 */
function localTask({ dispatcher, depth }, name, route, { method, headers, contentType, body }, redirects = 0) {
  const task = dispatcher.tasks.get(name);
  if (task === undefined || dispatcher.hasCors || depth + 1 >= dispatcher.maxDepth) return undefined;
  if (body !== null && body.length > dispatcher.maxBody) return undefined;
  // A server that wants tokens judges those of the caller's own, and gets ours with no request that is redirected.
  if (dispatcher.remote?.token && (redirects > 0 || headers?.Authorization !== undefined)) return undefined;
  return isPlain(method, route.target, headers, contentType) ? task : undefined;
}

/**
 * Runs a Task of this function for another one, with an event as a remote call would bring it.
 * @param {import('./call').Call} caller
 * @param {import('./dispatcher').Task} task
 * @param {import('./routes').Route} route
 * @param {import('./request').SessionRequest} request its body is the callee's from now on
 * @returns {LocalReply | Promise<LocalReply>} no promise when the handler has answered at once
 */
function callLocal(caller, task, route, request) {
  const { dispatcher } = caller;
  const begun = performance.now();
  const span = newSpan();
  const call = new LocalCall(dispatcher, task, caller.outer, caller.trace, span, caller.outerSpan, caller);
  const { method } = request;
  if (route.health) {
    call.answered = true;
    call.encoded = answer(200, null, null, '');
  } else {
    // A type that the caller gives is a header like any other; our own are ASCII.
    const contentType = request.headers === null ? request.contentType : receivedValue(request.contentType);
    const headers = eventHeaders(request, contentType, dispatcher, `00-${caller.trace}-${span}-01`, task.name);
    if (request.headers !== null && headers[LOG_LEVEL] !== undefined) call.collectedLogs = [];
    const fields = route.fields === null ? {} : { ...route.fields };
    const body = request.body ?? Buffer.alloc(0);
    const trigger = { kind: 'http', name: triggerName(task, dispatcher) };
    const seconds = Math.floor(Date.now() / 1000);
    call.run(makeEvent(newEventId(), method, route.path, fields, headers, contentType, body, seconds, trigger));
  }
  if (!call.answered || mayBeLate(request, begun)) return later(caller, call, request, begun);
  return finish(caller, call, request, begun);
}

/**
 * Whether the caller's time may be up, though its signal could not say so: timers wait for a handler that computes.
 * @param {import('./request').SessionRequest} request
 * @param {number} begun
 */
function mayBeLate({ signal }, begun) {
  return signal !== null && performance.now() - begun >= SHORTEST_TIME;
}

/**
 * @param {import('./dispatcher').Task} task
 * @param {import('./dispatcher').Dispatcher} dispatcher
 */
function triggerName(task, { httpTrigger }) {
  return task.triggers[httpTrigger.name] ?? httpTrigger.name;
}

/**
 * What the server would hand to the callee. The usual call has its headers written out: an object made at once is much
 * cheaper than one that grows.
 * @param {import('./request').SessionRequest} request
 * @param {string} contentType as the callee sees it
 * @param {import('./dispatcher').Dispatcher} dispatcher
 * @param {string} traceparent
 * @param {string} task
 * @returns {Record<string, string>}
 */
function eventHeaders(request, contentType, dispatcher, traceparent, task) {
  const { host, address } = dispatcher;
  const { headers, body } = request;
  if (headers === null && body !== null && body.length > 0 && contentType !== '') {
    return {
      Host: host,
      Connection: DEFAULTS.Connection,
      Accept: DEFAULTS.Accept,
      'Accept-Language': DEFAULTS['Accept-Language'],
      'Sec-Fetch-Mode': DEFAULTS['Sec-Fetch-Mode'],
      'User-Agent': DEFAULTS['User-Agent'],
      'Accept-Encoding': DEFAULTS['Accept-Encoding'],
      'Content-Length': String(body.length),
      'Content-Type': contentType,
      Traceparent: traceparent,
      'Task-Name': task,
      'Fusionizer-Server-Address': address,
    };
  }
  const given =
    headers === null
      ? request
      : { ...request, contentType, headers: receivedHeaders(headers, dispatcher.remote?.token) };
  return { ...sentHeaders(given, host, traceparent), 'Task-Name': task, 'Fusionizer-Server-Address': address };
}

/**
 * @param {import('./call').Call} caller
 * @param {LocalCall} call
 * @param {import('./request').SessionRequest} request
 * @param {number} begun
 * @returns {Promise<LocalReply>} rejected with the signal's reason when that comes first; the callee goes on
 */
function later(caller, call, request, begun) {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const abort = () => {
      call.onAnswer = null;
      recordCall(caller, call, begun, 0);
      reject(signal?.reason);
    };
    const end = () => {
      if (call.onAnswer === null) return;
      signal?.removeEventListener('abort', abort);
      try {
        resolve(finish(caller, call, request, begun));
      } catch (error) {
        reject(error);
      }
    };
    // Timers run in the order of their ends: the caller's comes first if it is up.
    call.onAnswer = () => (mayBeLate(request, begun) ? void setTimeout(end, SHORTEST_TIME) : end());
    signal?.addEventListener('abort', abort, { once: true });
    if (call.answered) call.onAnswer();
  });
}

/**
 * @param {import('./call').Call} caller
 * @param {LocalCall} call
 * @param {import('./request').SessionRequest} request
 * @param {number} begun
 * @throws {TypeError} as fetch for headers that are too large
 */
function finish(caller, call, request, begun) {
  const encoded = /** @type {import('./encode').Answer} */ (call.encoded);
  const logs =
    call.collectedLogs &&
    logsHeader(call.collectedLogs, request.headers?.[LOG_LEVEL] ?? '', triggerName(call.task, caller.dispatcher));
  const reply = new LocalReply(encoded, request.method === 'HEAD', caller.trace, logs);
  const { headers, contentType } = encoded;
  const arrives = !mayBeLarge(headers, contentType ?? '') || isReceivable(reply.statusText, reply.pairs());
  recordCall(caller, call, begun, arrives ? encoded.status : 0);
  if (!arrives) throw failed("the answer's headers are larger than 16 KiB");
  return reply;
}

/**
 * @param {import('./call').Call} caller
 * @param {LocalCall} call
 * @param {number} begun
 * @param {number} status
 */
function recordCall(caller, call, begun, status) {
  caller.dispatcher.traces.add(caller, call.task.name, call.span, true, begun, status);
}

/** A local answer, as its remote twin would come over HTTP. */
class LocalReply {
  #encoded;
  #trace;
  #logs;
  #isHead;

  /**
   * @param {import('./encode').Answer} encoded
   * @param {boolean} isHead
   * @param {string} trace
   * @param {string | null} logs
   */
  constructor(encoded, isHead, trace, logs) {
    this.#encoded = encoded;
    this.#trace = trace;
    this.#logs = logs;
    this.#isHead = isHead;
    this.status = encoded.status;
    this.body = isHead || BODILESS.has(encoded.status) ? '' : encoded.body;
  }

  get statusText() {
    return statusText(this.status);
  }

  /**
   * @param {string} name lower case
   * @returns {string | undefined}
   */
  header(name) {
    // Only a handler's own headers are asked for, but for the trace id, which every answer has.
    if (name === 'fusionizer-trace-id') return this.#trace;
    const { headers } = this.#encoded;
    return headers === null ? undefined : answerHeaders(headers).get(canonicalHeader(name));
  }

  /** @returns {[string, string][]} */
  pairs() {
    const { contentType, headers, body } = this.#encoded;
    const all = answerHeaders(headers ?? {});
    if (this.#logs !== null) all.set('X-Nuclio-Logs', this.#logs);
    if (contentType !== null) all.set('Content-Type', asSent(contentType));
    if (!BODILESS.has(this.status)) all.set('Content-Length', String(Buffer.byteLength(body)));
    all.set('Fusionizer-Trace-Id', this.#trace).set('Date', new Date().toUTCString());
    if (this.#isHead) return [['Server', 'nuclio'], ...all, ['Connection', 'close']];
    return [['Server', 'nuclio'], ...all, ['Connection', 'keep-alive'], ['Keep-Alive', 'timeout=75']];
  }
}

/**
 * The reason phrase of a status, as the server's Node.js writes it.
 * @param {number} status
 */
function statusText(status) {
  return STATUS_CODES[status] ?? 'unknown';
}

module.exports = { callLocal, localTask, statusText };
