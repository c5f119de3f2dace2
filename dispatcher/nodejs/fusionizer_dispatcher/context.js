'use strict';

const { Platform } = require('./platform');
const { TaskLogger } = require('./logs');

/** The keys that each view has of its own. */
const OWN_KEYS = ['callback', 'logger', 'userData', 'Response', 'platform'];

/**
 * A Task's context, and one view of it per event. In Nuclio a worker has one context for all events, so what a handler
 * sets on it is there in the next event; here events of one Task can overlap by local calls, so callback, logger and
 * platform belong to a view.
 */
class TaskContext {
  /**
   * @param {import('./call').Starting} starting stands for the time before the first event
   * @param {new (...args: any[]) => object} Response
   */
  constructor(starting, Response) {
    /** @type {Record<string, any>} what a handler sets on it may have any name */
    const base = {
      userData: {},
      Response,
      logger: new TaskLogger(starting),
      platform: new Platform(starting),
      callback: () => starting.answer(),
    };

    /**
     * @this {any}
     * @param {import('./call').Call} call
     */
    function View(call) {
      this.callback = (/** @type {unknown} */ value) => call.answer(value, this);
      this.logger = new TaskLogger(call);
      this.userData = base.userData;
      this.Response = base.Response;
      this.platform = new Platform(call);
    }
    // What initContext or an earlier event has set is inherited.
    View.prototype = base;

    /** @type {Record<string, any> & {Response: new (...args: any[]) => object}} */
    this.base = /** @type {any} */ (base);
    /** @type {new (call: import('./call').Call) => {callback: Function}} */
    this.View = /** @type {any} */ (View);
  }

  /**
   * Moves to the Task's context what a handler has set on its view.
   * @param {any} view
   */
  keep(view) {
    const { base } = this;
    if (view.userData !== base.userData) base.userData = view.userData;
    const keys = Object.keys(view);
    if (keys.length === OWN_KEYS.length) return;
    for (const key of keys) {
      if (!OWN_KEYS.includes(key)) base[key] = view[key];
    }
  }
}

exports.TaskContext = TaskContext;
