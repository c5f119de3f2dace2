'use strict';

const { AsyncResource } = require('node:async_hooks');
const path = require('node:path');
const { AnswerWatch } = require('./answer_watch');
const { NuclioResponse } = require('./nuclio_response');
const { OuterCall, Starting } = require('./call');
const { RemoteClient } = require('./connections');
const { Routes } = require('./routes');
const { LoadError } = require('./load_error');
const { TaskContext } = require('./context');
const { TraceBuffer } = require('./traces');
const { newSpan, newTrace, parseTraceparent } = require('./trace_context');
const { loadTask } = require('./task');
const { nameSource } = require('./tracebacks');
const { runHandler, runInitContext } = require('./run_handler');
const { wrapperLog } = require('./logs');

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {Record<string, string>} triggers merged trigger name -> its own
 * @property {(context: object, event: object, call: import('./call').Call) => unknown} handle runs the handler
 * @property {TaskContext} context
 * @property {AsyncResource} scope its asynchronous context, which no other Task's code is in
 *
 * @typedef {object} Sinks where the Dispatcher's own output goes
 * @property {(record: import('./logs').LogRecord, outer: object) => void} log
 * @property {((json: string) => void) | null} traces takes an array of trace records as JSON; null: none are kept
 */

/** Routes events to the Tasks of one function, and keeps calls between them inside it. */
class Dispatcher {
  #dir;
  #manifest;
  /** @type {Promise<void> | null} */
  #starting = null;
  #ready = false;
  #watch;
  #whenIdle = () => {};
  /** Somebody waits for the end of all calls. */
  awaitsIdle = false;

  /**
   * @param {object} options
   * @param {string} options.dir the build folder
   * @param {import('./manifest').Manifest} options.manifest
   * @param {string} [options.serverUrl]
   * @param {string} [options.token]
   * @param {number} [options.maxDepth] how many Tasks a call chain may have: then the server refuses the next call
   */
  constructor({ dir, manifest, serverUrl, token, maxDepth = 32 }) {
    this.#dir = dir;
    this.#manifest = manifest;
    /** Whether the HTTP trigger has CORS settings: it may answer by itself, in place of a handler. */
    this.hasCors = manifest.cors === true;
    /** Bytes of a request's body that the HTTP trigger takes. */
    this.maxBody = manifest.maxBody ?? 4 * 1024 ** 2;
    this.maxDepth = maxDepth;
    /** @type {Map<string, Task>} */
    this.tasks = new Map();
    /** @type {Set<import('./call').Call>} calls whose handler has returned and whose answer is to come, oldest first */
    this.pending = new Set();
    this.#watch = new AnswerWatch(this.pending, (call) => call.abandon());
    /** @type {string | undefined} the span of the event that the function runs now, or ran last */
    this.outerSpan = undefined;
    /** @type {import('./call').Call | null} the call whose handler is on the stack */
    this.running = null;
    /** @type {Sinks} */
    this.sinks = { log: wrapperLog, traces: null };
    this.traces = new TraceBuffer(this.sinks);
    const server = serverUrl ? new URL(serverUrl) : null;
    /** What handlers see in Host and Fusionizer-Server-Address. */
    this.host = server?.host ?? 'localhost';
    this.address = server?.hostname ?? 'localhost';
    this.remote = server && new RemoteClient(server, token);
    this.routes = new Routes(
      server,
      manifest.tasks.map((task) => task.name),
      this.remote,
    );
    /** The trigger that local calls seem to come from: the function's HTTP trigger, known by its last event. */
    this.httpTrigger = { kind: 'http', name: 'default-http' };
  }

  /** @param {Sinks} sinks */
  useSinks(sinks) {
    Object.assign(this.sinks, sinks);
  }

  /**
   * Loads the Tasks and runs each initContext once, in group order.
   * @param {{Response?: new (...args: any[]) => object}} outer the wrapper's context
   * @throws {LoadError} which names the Task, and the file and line at fault where they are known
   */
  start(outer) {
    this.#starting ??= this.#start(outer);
    return this.#starting;
  }

  /** @param {{Response?: new (...args: any[]) => object}} outer */
  async #start(outer) {
    const Response = outer.Response ?? NuclioResponse;
    const inits = [];
    const isShared = this.#manifest.tasks.length > 1;
    for (const entry of this.#manifest.tasks) {
      const dir = path.join(this.#dir, entry.dir);
      if (entry.source !== undefined) nameSource(dir, entry.source);
      const scope = new AsyncResource('FusionizerTask');
      if (isShared) this.#watch.enters(entry.name);
      const { handler, initContext } = await scope.runInAsyncScope(loadTask, undefined, entry, dir);
      const handle = runHandler(handler);
      const task = /** @type {Task} */ ({ name: entry.name, triggers: entry.triggers, handle, scope });
      const span = newSpan();
      task.context = new TaskContext(new Starting(this, task, outer, newTrace(), span, span), Response);
      this.tasks.set(entry.name, task);
      if (initContext !== null) inits.push({ task, dir, initContext });
    }
    for (const { task, dir, initContext } of inits) {
      if (isShared) this.#watch.enters(task.name);
      try {
        await task.scope.runInAsyncScope(runInitContext, undefined, initContext, task.context.base);
      } catch (error) {
        throw LoadError.from(error, task.name, dir);
      }
    }
    if (isShared) this.#watch.enters(null);
    this.#ready = true;
  }

  /**
   * Runs an event of the function; the answer goes to the wrapper's context.callback.
   * @param {any} outer the wrapper's context
   * @param {any} event
   */
  handle(outer, event) {
    if (this.#ready) {
      this.#route(outer, event);
      return undefined;
    }
    // Nuclio does not await initContext, so the first event may come before the Tasks are loaded.
    return this.start(outer).then(() => this.#route(outer, event));
  }

  /**
   * @param {any} outer
   * @param {any} event
   */
  #route(outer, event) {
    const { trigger, headers } = event;
    if (trigger?.kind === 'http' && trigger.name !== this.httpTrigger.name)
      this.httpTrigger = { kind: 'http', name: trigger.name };
    const task = this.#taskOf(headers['Task-Name'], trigger?.name);
    if (task === undefined) {
      const Response = outer.Response ?? NuclioResponse;
      outer.callback(new Response(this.#noTask(headers['Task-Name']), {}, 'text/plain', 400));
      return;
    }
    const ownName = task.triggers[trigger?.name];
    if (ownName !== undefined) event.trigger = { ...trigger, name: ownName };
    const parent = parseTraceparent(headers.Traceparent);
    const span = parent?.span ?? newSpan();
    this.outerSpan = span;
    if (this.tasks.size > 1) this.#watch.enters(task.name);
    new OuterCall(this, task, outer, parent?.trace ?? newTrace(), span, span).run(event);
  }

  /**
   * @param {string | undefined} named
   * @param {string} trigger
   */
  #taskOf(named, trigger) {
    if (named !== undefined) return this.tasks.get(named);
    const tasks = [...this.tasks.values()];
    return tasks.find((task) => Object.hasOwn(task.triggers, trigger)) ?? (tasks.length === 1 ? tasks[0] : undefined);
  }

  /** @param {string | undefined} named */
  #noTask(named) {
    const names = [...this.tasks.keys()].join(', ');
    const why =
      named === undefined ? 'The event says of no Task that it is for it' : `This function has no Task '${named}'`;
    return `${why}: set the header Task-Name to one of ${names}`;
  }

  /**
   * Answers the newest unanswered call with an error, as an older one may wait for it. For a wrapper that knows that
   * the process has nothing left to do.
   * @returns {boolean} whether there was one
   */
  abandonNewest() {
    const pending = [...this.pending];
    if (pending.length === 0) return false;
    pending.reduce((newest, call) => (call.number > newest.number ? call : newest)).abandon();
    return true;
  }

  /** @param {import('./call').Call} call whose handler has returned, or is to run soon, and whose answer is to come */
  waits(call) {
    this.pending.add(call);
    this.#watch.begin();
  }

  /**
   * @param {() => void} then called once, when no call waits for an answer: its caller may have forgotten it. Another
   *   one takes its place
   */
  whenIdle(then) {
    this.awaitsIdle = true;
    this.#whenIdle = then;
    this.checkIdle();
  }

  checkIdle() {
    if (this.pending.size > 0) return;
    this.awaitsIdle = false;
    this.#whenIdle();
  }
}

exports.Dispatcher = Dispatcher;
