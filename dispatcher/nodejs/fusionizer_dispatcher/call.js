'use strict';

const { encode } = require('./encode');
const { errorText } = require('./error_text');
const { write } = require('./logs');

/** How deep handlers may call each other within one stack; deeper ones begin on a fresh stack. */
const STACK_DEPTH = 100;

let depth = 0;

/** How many calls there have been. */
let count = 0;

/**
 * One event at one Task, from its handler's start to its answer.
 */
class Call {
  /** How many calls within this function led here. */
  depth = 0;

  /**
   * @param {import('./dispatcher').Dispatcher} dispatcher
   * @param {import('./dispatcher').Task} task
   * @param {object} outer the context that the wrapper gave for the event that the function got
   * @param {string} trace 32 hex digits
   * @param {string} span of this event, 16 hex digits
   * @param {string} outerSpan of the event that the function got
   * @param {Call | null} [above] the caller within this function; null for the event that the function got
   */
  constructor(dispatcher, task, outer, trace, span, outerSpan, above = null) {
    this.dispatcher = dispatcher;
    this.task = task;
    this.outer = outer;
    this.trace = trace;
    this.span = span;
    this.outerSpan = outerSpan;
    this.above = above;
    if (above !== null) this.depth = above.depth + 1;
    /** @type {import('./logs').LogRecord[] | null} */
    this.collectedLogs = null;
    this.answered = false;
    /** Of two calls, the one with the greater number began later: it is not the caller of the other. */
    this.number = ++count;
    /** @type {{callback: Function} | null} */
    this.view = null;
  }

  /**
   * Runs the handler. It answers by context.callback, now or later; its return value is no answer, as in Nuclio.
   * @param {object} event
   */
  run(event) {
    if (depth >= STACK_DEPTH) {
      this.dispatcher.waits(this);
      queueMicrotask(() => this.#run(event));
    } else {
      this.#run(event);
    }
  }

  /** @param {object} event */
  #run(event) {
    const { task, dispatcher } = this;
    const { context } = task;
    const before = dispatcher.running;
    dispatcher.running = this;
    const view = new context.View(this);
    this.view = view;
    depth++;
    try {
      // In the Task's own asynchronous context: AsyncLocalStorage of a caller is none of its business.
      const result = /** @type {any} */ (task.scope.runInAsyncScope(task.handle, undefined, view, event, this));
      if (typeof result?.then === 'function') {
        result.then(
          () => context.keep(view),
          (/** @type {unknown} */ error) => this.fail(error, view),
        );
      }
    } catch (error) {
      this.fail(error, view);
    } finally {
      depth--;
      dispatcher.running = before;
    }
    context.keep(view);
    if (!this.answered) dispatcher.waits(this);
  }

  /**
   * From now on it is the handler alone that keeps the callback alive.
   * @returns {WeakRef<Function> | null} null for a call that has not begun, or was asked before
   */
  letGo() {
    if (this.view === null) return null;
    const callback = new WeakRef(this.view.callback);
    this.view = null;
    return callback;
  }

  /**
   * Only the first answer counts.
   * @param {unknown} value as given to context.callback
   * @param {object | null} [view] that the handler got
   */
  answer(value, view = this.view) {
    if (this.answered) return;
    this.answered = true;
    const { dispatcher } = this;
    dispatcher.pending.delete(this);
    // While the handler is on the stack it may set more: then `#run` keeps it.
    if (view !== null && dispatcher.running !== this) this.task.context.keep(view);
    this.settle(value);
    if (dispatcher.awaitsIdle) dispatcher.checkIdle();
  }

  /**
   * Takes the answer where it belongs.
   * @param {unknown} _value as given to context.callback
   */
  settle(_value) {
    throw new Error('nobody waits for an answer');
  }

  /**
   * The handler threw, or its promise was rejected.
   * @param {unknown} error
   * @param {{callback: Function}} view
   */
  fail(error, view) {
    const text = errorText(error);
    write(this, 'error', this.answered ? `After its answer: ${text}` : text);
    this.answerError(text, view);
  }

  /**
   * @param {string} text of a 500
   * @param {{callback: Function} | null} [view]
   */
  answerError(text, view) {
    const { Response } = this.task.context.base;
    this.answer(new Response(text, {}, 'text/plain', 500), view);
  }

  /** Answers with an error: no callback can come any more. */
  abandon() {
    this.answerError(
      `Error in handler: the handler of Task '${this.task.name}' ended without calling context.callback; ` +
        'what it returns is no answer',
    );
  }
}

/** The event that the function got. */
class OuterCall extends Call {
  /**
   * @override
   * @param {unknown} value
   */
  settle(value) {
    /** @type {any} */ (this.outer).callback(value);
  }
}

/** A call from Task to Task in this process. */
class LocalCall extends Call {
  /** @type {import('./encode').Answer | null} */
  encoded = null;
  /** @type {(() => void) | null} called when the answer comes after run() has returned */
  onAnswer = null;

  /**
   * @override
   * @param {unknown} value
   */
  settle(value) {
    const encoded = encode(value, this.task.context.base.Response);
    // The handler's own memory, which it may use again.
    if (typeof encoded.body !== 'string') encoded.body = Buffer.from(encoded.body);
    this.encoded = encoded;
    this.onAnswer?.();
  }
}

/** Before the first event: what initContext logs and calls belongs to no event. */
class Starting extends Call {
  /** @override */
  answer() {
    write(
      this,
      'error',
      'context.callback of the context of initContext was called: only the context that a handler gets can answer',
    );
  }
}

exports.Call = Call;
exports.OuterCall = OuterCall;
exports.LocalCall = LocalCall;
exports.Starting = Starting;
