'use strict';

const v8 = require('node:v8');
const vm = require('node:vm');

/** Between two looks at calls without an answer, in ms: the last one goes on for ever. */
const LOOKS = [250, 250, 1000, 4000, 16_000];

/**
 * Finds calls that nobody can answer any more, in a function with several Tasks.
 *
 * With one Task an empty event loop shows that. Here a timer or a server that another Task keeps would hide it. So a
 * call is lost when all that keeps the event loop busy is other Tasks' and was there before the event, and when nothing
 * that is reachable has its `context.callback`. What the call's own Task keeps hides it, as in a function of its own.
 */
class AnswerWatch {
  #pending;
  #abandon;
  /** @type {NodeJS.Timeout | null} */
  #timer = null;
  #look = 0;
  /** @type {Map<import('./call').Call, WeakRef<Function>>} those that were there at the last look */
  #callbacks = new Map();
  /** @type {Map<string, string[]>} the resources that each Task keeps, as far as known */
  #kept = new Map();
  /** @type {string[]} those that were there when the event began */
  #before = [];
  /** @type {string | null} whose code has run since */
  #task = null;

  /**
   * @param {Set<import('./call').Call>} pending calls whose handler has returned and whose answer is to come
   * @param {(call: import('./call').Call) => void} abandon
   */
  constructor(pending, abandon) {
    this.#pending = pending;
    this.#abandon = abandon;
  }

  /**
   * @param {string | null} task code of this Task runs from now on; null: it does no more
   */
  enters(task) {
    const now = process.getActiveResourcesInfo();
    if (this.#task !== null && now.length > this.#before.length) {
      const kept = this.#kept.get(this.#task) ?? [];
      this.#kept.set(this.#task, kept.concat(without(now, this.#before)));
    }
    this.#before = now;
    this.#task = task;
  }

  /** A call is pending from now on. Short ones cost nothing but this. */
  begin() {
    if (this.#task !== null) this.#timer ??= setTimeout(() => this.#check(), LOOKS[0]).unref();
  }

  #check() {
    this.#timer = null;
    const before = this.#callbacks;
    this.#callbacks = new Map();
    let isOld = false;
    for (const call of this.#pending) {
      const known = before.get(call);
      isOld ||= known !== undefined;
      const callback = known ?? call.letGo();
      if (callback !== null) this.#callbacks.set(call, callback);
    }
    this.#look = isOld ? this.#look + 1 : 0;
    if (isOld) this.#abandonLost();
    if (this.#pending.size === 0) return;
    this.#timer ??= setTimeout(() => this.#check(), LOOKS[Math.min(this.#look, LOOKS.length - 1)]).unref();
  }

  /** @param {string} task of a call: what its caller keeps does not hide that it is lost */
  #othersKeepItBusy(task) {
    const own = this.#kept.get(task) ?? [];
    return without(process.getActiveResourcesInfo(), without(this.#before, own)).length === 0;
  }

  /** The newest one, and no other: an older one may wait for it. */
  #abandonLost() {
    const tasks = new Set([...this.#callbacks.keys()].map(({ task }) => task.name));
    const free = new Set([...tasks].filter((task) => this.#othersKeepItBusy(task)));
    if (free.size === 0) return;
    collectGarbage();
    const lost = [...this.#callbacks].filter(([, callback]) => callback.deref() === undefined).map(([call]) => call);
    if (lost.length === 0) return;
    const newest = lost.reduce((found, call) => (call.number > found.number ? call : found));
    if (!free.has(newest.task.name)) return;
    this.#look = 0;
    this.#abandon(newest);
  }
}

/**
 * @param {string[]} list
 * @param {string[]} gone each of these once
 */
function without(list, gone) {
  const rest = [...list];
  for (const one of gone) {
    const index = rest.indexOf(one);
    if (index >= 0) rest.splice(index, 1);
  }
  return rest;
}

/** @type {(() => void) | undefined} */
let gc;

function collectGarbage() {
  if (gc === undefined) {
    v8.setFlagsFromString('--expose-gc');
    gc = vm.runInNewContext('gc');
    v8.setFlagsFromString('--no-expose-gc');
  }
  gc?.();
}

exports.AnswerWatch = AnswerWatch;
