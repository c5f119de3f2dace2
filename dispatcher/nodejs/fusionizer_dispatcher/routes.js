'use strict';

const { normalisePath, queryFields, remember } = require('./nuclio_http');

/** In a Task's URL this port stands for the server's own, whichever it is: the original Fusionizer always had it. */
const ALIAS_PORT = '8000';

/** How long the server's answer that there is no such Task is believed, in ms. */
const NO_TASK_MS = 1000;

/** Names of this machine, which are one host. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const TASK_NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * @typedef {object} Route
 * @property {'foreign' | 'server' | 'alias'} kind alias: port 8000 with a Task that only the server can know
 * @property {string} href without fragment
 * @property {string} target raw path and query
 * @property {string | null} task the Task that an invocation of this address is for
 * @property {boolean} exact `/{task}` itself: only POST is an invocation
 * @property {string} path as the handler sees it
 * @property {Record<string, string> | null} fields null when there are none
 * @property {boolean} health Nuclio answers it without the handler
 * @property {string | null} authorization of a user and a password in the URL
 */

/** Decides by its URL where a call goes. */
class Routes {
  #server;
  #host;
  #port;
  #tasks;
  #remote;
  /** @type {Map<string, Route>} */
  #cache = new Map();
  /** @type {Map<string, number>} Task name -> until when it counts as missing, in Unix ms; Infinity: it exists */
  #known = new Map();

  /**
   * @param {URL | null} server
   * @param {string[]} tasks of this function
   * @param {import('./connections').RemoteClient | null} remote
   */
  constructor(server, tasks, remote) {
    this.#server = server;
    this.#host = server?.hostname;
    this.#port = server && portOf(server);
    this.#tasks = new Set(tasks);
    this.#remote = remote;
  }

  /**
   * @param {string} url
   * @returns {Route}
   * @throws {TypeError} when it is no absolute URL
   */
  find(url) {
    return this.#cache.get(url) ?? remember(this.#cache, url, this.#parse(url));
  }

  /**
   * The address of an invocation by a Task's name. What a URL cannot have in a path is escaped; escapes and a query
   * stay.
   * @param {string} task
   * @param {string} path as a handler gives it
   */
  forTask(task, path) {
    const base = this.#server?.origin ?? 'http://localhost';
    const escaped = path.replace(/[^A-Za-z0-9_.~/?&=%:;,+!$'()*@-]+/g, encodeURIComponent);
    return this.find(
      `${base}/-/tasks/${encodeURIComponent(task)}/invoke${escaped.startsWith('/') ? '' : '/'}${escaped}`,
    );
  }

  /** @param {string} url */
  #parse(url) {
    const parsed = new URL(url);
    parsed.hash = '';
    const target = parsed.pathname + parsed.search;
    const { task, exact, rest } = invoked(parsed.pathname);
    const path = normalisePath(rest);
    const fields = parsed.search.length > 1 ? queryFields(parsed.search.slice(1)) : null;
    const health = path.startsWith('/__internal/health');
    return {
      kind: this.#kind(parsed, task),
      href: parsed.href,
      target,
      task,
      exact,
      path,
      fields,
      health,
      authorization: basicOf(parsed),
    };
  }

  /**
   * @param {URL} url
   * @param {string | null} task
   * @returns {Route['kind']}
   */
  #kind(url, task) {
    if (url.protocol !== 'http:' || !isSameHost(url.hostname, this.#host ?? '')) return 'foreign';
    const port = portOf(url);
    if (port === this.#port) return 'server';
    if (port !== ALIAS_PORT || task === null || url.pathname.startsWith('/-/')) return 'foreign';
    return this.#tasks.has(task) ? 'server' : 'alias';
  }

  /**
   * Asks the server once whether a Task exists.
   * @param {string | null} task of a route of kind alias, which there is only with a server
   * @returns {Promise<boolean>}
   */
  async exists(task) {
    if (this.#remote === null || task === null) return false;
    const until = this.#known.get(task);
    if (until === Number.POSITIVE_INFINITY) return true;
    if (until !== undefined && until > Date.now()) return false;
    const { status } = await this.#remote.send({
      method: 'GET',
      target: `/-/tasks/${task}`,
      headers: {},
      body: null,
      signal: null,
    });
    const found = status === 200;
    remember(this.#known, task, found ? Number.POSITIVE_INFINITY : Date.now() + NO_TASK_MS);
    return found;
  }
}

/**
 * @param {string} pathname raw
 * @returns {{task: string | null, exact: boolean, rest: string}}
 */
function invoked(pathname) {
  const [, first, ...others] = pathname.split('/');
  if (first === '-') {
    const [tasks, task, invoke, ...rest] = others;
    const isInvoke = tasks === 'tasks' && invoke === 'invoke' && TASK_NAME.test(task);
    return { task: isInvoke ? task : null, exact: false, rest: `/${rest.join('/')}` };
  }
  if (!TASK_NAME.test(first)) return { task: null, exact: false, rest: '/' };
  return { task: first, exact: others.length === 0, rest: `/${others.join('/')}` };
}

/**
 * A user and a password in a URL, as requests sends them.
 * @param {URL} url
 */
function basicOf({ username, password }) {
  if (username === '' && password === '') return null;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair, 'latin1').toString('base64')}`;
}

/**
 * @param {string} one lower case, IPv6 in brackets
 * @param {string} other
 */
function isSameHost(one, other) {
  return one === other || (LOOPBACK.has(one) && LOOPBACK.has(other));
}

/** @param {URL} url */
function portOf(url) {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
}

exports.Routes = Routes;
exports.isSameHost = isSameHost;
