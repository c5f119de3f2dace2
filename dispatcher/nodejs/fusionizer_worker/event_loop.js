'use strict';

const { encode } = require('../fusionizer_dispatcher/encode');
const { errorText } = require('../fusionizer_dispatcher/error_text');
const { NuclioResponse } = require('../fusionizer_dispatcher/nuclio_response');
const { LoadError } = require('../fusionizer_dispatcher/load_error');
const { readEvent } = require('./incoming');

const EVENT = 0x45; // E

/** Serves events, one at a time, and ends the process when there will be no more. */
class EventLoop {
  #entry;
  #output;
  /** @type {import('./frames').FrameReader | undefined} */
  #reader;
  #running = false;
  #ended = false;
  /** @type {Buffer[]} frames that came while an event runs */
  #waiting = [];
  #userData = {};

  /**
   * @param {{handler: Function, dispatcher: import('../fusionizer_dispatcher/dispatcher').Dispatcher}} entry the
   *   function package
   * @param {import('./outgoing').Output} output
   */
  constructor(entry, output) {
    this.#entry = entry;
    this.#output = output;
  }

  /** @param {import('./frames').FrameReader} reader it gives its frames to this loop */
  serve(reader) {
    this.#reader = reader;
    process.on('beforeExit', () => this.#drained());
    process.on('uncaughtException', (error) => this.#crashed(error));
    process.on('exit', () => this.#entry.dispatcher.traces.flush());
  }

  /**
   * @param {Buffer} frame
   * @param {boolean} isOwn
   */
  onFrame(frame, isOwn) {
    if (frame[0] !== EVENT) throw new Error(`A frame of unknown type ${frame[0]} came`);
    if (this.#running) this.#waiting.push(isOwn ? frame : Buffer.from(frame));
    else this.#run(frame, isOwn);
  }

  onEnd() {
    this.#ended = true;
    if (!this.#running) this.#exit();
  }

  /** A call within the function whose caller has not waited for it ends first, as it would in a function of its own. */
  #exit() {
    this.#entry.dispatcher.whenIdle(() => process.exit(0));
  }

  /**
   * Reports calls that their callers have not waited for. Now, as they may block this process before it is to end.
   */
  #reportUnfinished() {
    const { dispatcher } = this.#entry;
    if (dispatcher.pending.size === 0 || dispatcher.awaitsIdle) return;
    this.#output.unfinished(true);
    dispatcher.whenIdle(() => this.#output.unfinished(false));
  }

  /**
   * @param {Buffer} frame
   * @param {boolean} isOwn
   */
  #run(frame, isOwn) {
    this.#running = true;
    let isLater = false;
    let answered = false;
    const context = {
      userData: this.#userData,
      Response: NuclioResponse,
      callback: (/** @type {unknown} */ value) => {
        if (answered) return;
        answered = true;
        this.#answer(value, isLater);
      },
    };
    try {
      this.#entry.handler(context, readEvent(frame, isOwn));
    } catch (error) {
      context.callback(new NuclioResponse(errorText(error), {}, 'text/plain', 500));
    }
    if (answered) return;
    isLater = true;
    // Only what the handler waits for keeps the process alive now: when nothing does, no answer can come.
    this.#reader?.unref();
  }

  /**
   * @param {unknown} value
   * @param {boolean} isLater
   */
  #answer(value, isLater) {
    this.#output.response(encode(value, NuclioResponse));
    this.#reportUnfinished();
    if (isLater) this.#reader?.ref();
    const next = this.#waiting.shift();
    if (next !== undefined) {
      // Not from within this handler: it may go on after its answer.
      setImmediate(() => this.#run(next, true));
      return;
    }
    this.#running = false;
    if (this.#ended) this.#exit();
  }

  #drained() {
    // This makes the event loop check once more whether anything is left to do.
    if ((this.#running || this.#ended) && this.#entry.dispatcher.abandonNewest()) setImmediate(() => {});
  }

  /** @param {unknown} error */
  #crashed(error) {
    // A handler with a listener of its own handles it.
    if (process.listenerCount('uncaughtException') > 1) return;
    const text = errorText(error);
    process.stderr.write(`${text}\n`);
    // Before the answer: the server must not send the next event to a process that ends.
    this.#output.failed(LoadError.from(error, undefined, ''));
    if (this.#running) this.#output.response(encode(new NuclioResponse(text, {}, 'text/plain', 500), NuclioResponse));
    process.exit(1);
  }
}

exports.EventLoop = EventLoop;
