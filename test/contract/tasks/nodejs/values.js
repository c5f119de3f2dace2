// Answers with, or throws, the value that its body names. No value may end the worker, whoever asks for it.

const { AsyncLocalStorage } = require('node:async_hooks');

const thrower = (error) => {
  throw error;
};
const proxyOf = (target) => new Proxy(target, { get: () => thrower(new Error('of the proxy')) });
const getter = (name, target = {}) =>
  Object.defineProperty(target, name, { enumerable: true, get: () => thrower(new Error(`get ${name}`)) });
const bare = (fields) => Object.assign(Object.create(null), fields);
const circle = () => {
  const value = [];
  value.push(value);
  return value;
};
const nested = (depth) => {
  let value = [];
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};
const deep = (n) => {
  if (n === 0) throw new Error('deep');
  deep(n - 1);
};
const endless = (n) => endless(n + 1) + 1;
const causes = () => {
  const [first, second] = [new Error('first'), new Error('second')];
  first.cause = second;
  second.cause = first;
  return first;
};

class Money {
  constructor() {
    this.amount = 5;
  }
  toJSON() {
    return `${this.amount} EUR`;
  }
}
class Failing {
  toJSON() {
    throw new Error('toJSON');
  }
  toString() {
    throw new Error('toString');
  }
}
class OddError extends Error {
  get name() {
    return Symbol('odd');
  }
}
class NoStack extends Error {
  get stack() {
    return undefined;
  }
}
const BAD_HEADERS = {
  'X-Number': 1,
  'X-Null': null,
  'X-List': ['a'],
  'X-Object': {},
  'X-Text': new String('t'),
  'X-Nul': 'a\0b',
  'X-Break': 'a\r\nInjected: 1',
  'Bad Name': 'x',
  '': 'empty',
  'X-Latin': '\u00fc',
  'X-Half': '\ud800',
  'Content-Length': '5',
  'Transfer-Encoding': 'chunked',
  __proto__: { 'X-Inherited': 'x' },
  'X-Good': 'good',
};

/** Each gets the context, and gives what context.callback gets. */
const VALUES = {
  text: () => 'x',
  'text object': () => new String('x'),
  'half a character': () => 'a\ud800b',
  number: () => 5,
  'number object': () => new Number(5),
  'not a number': () => Number.NaN,
  infinite: () => [1 / 0, -1 / 0, -0],
  boolean: () => false,
  'boolean object': () => new Boolean(false),
  null: () => null,
  undefined: () => undefined,
  symbol: () => Symbol('s'),
  'symbol in JSON': () => ({ s: Symbol('s'), [Symbol('k')]: 1 }),
  bigint: () => 1n,
  'bigint in JSON': () => ({ n: 10n ** 30n }),
  function: () => () => 1,
  class: () => Money,
  date: () => new Date(0),
  'date that is none': () => new Date(Number.NaN),
  expression: () => /x/g,
  map: () => new Map([['a', 1]]),
  set: () => new Set([1]),
  'weak map': () => new WeakMap(),
  'own JSON': () => new Money(),
  'own JSON in a pair': () => [201, new Money()],
  'JSON that fails': () => new Failing(),
  'JSON that fails in a list': () => [200, [new Failing()]],
  'JSON that is undefined': () => ({ toJSON: () => undefined }),
  getter: () => getter('a'),
  'getter in a list': () => getter('1', [200, 'x']),
  proxy: () => proxyOf({}),
  'proxy of a list': () => proxyOf([]),
  'proxy of a function': () => proxyOf(() => 1),
  'proxy that has ended': () => {
    const { proxy, revoke } = Proxy.revocable([200, 'x'], {});
    revoke();
    return proxy;
  },
  'proxy that is transparent': () => new Proxy([201, 'x'], {}),
  'no prototype': () => bare({ a: 1 }),
  'no prototype in a pair': () => [200, bare({ a: bare({}) })],
  frozen: () => Object.freeze([202, Object.freeze({ a: 1 })]),
  buffer: () => Buffer.from([0, 255]),
  'buffer in a pair': () => [200, Buffer.from('abc')],
  'buffer in JSON': () => ({ b: Buffer.from('abc') }),
  bytes: () => new Uint8Array([1, 2]),
  'array buffer': () => new ArrayBuffer(4),
  'data view': () => new DataView(new ArrayBuffer(4)),
  floats: () => new Float64Array([1.5]),
  'big integers': () => new BigInt64Array([1n]),
  'shared buffer': () => new SharedArrayBuffer(4),
  'detached buffer': () => {
    const bytes = new Uint8Array(4);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  },
  promise: () => Promise.resolve('x'),
  'promise that never ends': () => new Promise(() => {}),
  'promise that fails': () => {
    const promise = Promise.reject(new Error('in a promise'));
    promise.catch(() => {});
    return promise;
  },
  // biome-ignore lint/suspicious/noThenProperty: that is what it is about
  thenable: () => ({ then: (done) => done('x') }),
  'thenable that fails': () => getter('then', {}),
  generator: () => (function* () {})(),
  iterator: () => [1][Symbol.iterator](),
  circle: () => circle(),
  'circle in a pair': () => [200, circle()],
  nested: () => [200, nested(100)],
  'nested too deep': () => [200, nested(5_000)],
  'list of 0': () => [],
  'list of 1': () => [200],
  'list of 3': () => [200, 'x', 'y'],
  'list with holes': () => Object.assign(new Array(3), { 0: 200, 2: 'x' }),
  'list of a class': () => new (class List extends Array {})(200, 'x'),
  error: () => new Error('given'),
  'error in a pair': () => [200, new Error('given')],
  global: () => globalThis,
  storage: () => new AsyncLocalStorage(),
  'context itself': (context) => Object.keys(context).length > 0,
  response: (context) => new context.Response('x', { 'X-A': '1' }, 'text/x', 201),
  'response of nothing': (context) => new context.Response(),
  'response of undefined': (context) => new context.Response(undefined, {}, 'text/plain', 200),
  'response of bytes': (context) => new context.Response(Buffer.from('ab'), {}, 'text/plain', 200),
  'response of base64': (context) => new context.Response('AAH/', {}, 'image/x', 200, 'base64'),
  'response of base64 that is none': (context) => new context.Response('%%%', {}, 'image/x', 200, 'base64'),
  'response of an unknown encoding': (context) => new context.Response('x', {}, 'image/x', 200, 'utf9'),
  'response with bad headers': (context) => new context.Response('x', BAD_HEADERS),
  'response with headers that fail': (context) => new context.Response('x', getter('X-A')),
  'response with headers as a map': (context) => new context.Response('x', new Map([['a', 'b']])),
  'response with headers as text': (context) => new context.Response('x', 'a: b'),
  'response with a proxy for headers': (context) => new context.Response('x', proxyOf({})),
  'response with a type that is none': (context) => new context.Response('x', {}, null),
  'response with a type that is a number': (context) => new context.Response('x', {}, 5),
  'response with a type with a break': (context) => new context.Response('x', {}, 'text/x\r\nA: 1'),
  'response that was changed': (context) => Object.assign(new context.Response('x'), { body: { a: 1 } }),
  'response that was emptied': (context) => Object.assign(new context.Response('x'), { body: undefined }),
  'response of a class': (context) => new (class Own extends context.Response {})('x', {}, 'text/x', 203),
  'response in a pair': (context) => [200, new context.Response('x')],
  'like a response': () => ({ status_code: 201, body: 'x', headers: {}, content_type: 'text/x' }),
  'like a fetch response': () => new Response('x', { status: 201 }),
};
for (const status of [200.5, -1, 0, 99, 100, 101, 199, 204, 304, 599, 999, 1000, 2 ** 53, Number.NaN, 1 / 0, -0]) {
  VALUES[`status ${status}`] = () => [status, 'x'];
  VALUES[`response status ${status}`] = (context) => new context.Response('x', {}, 'text/plain', status);
}
for (const status of ['200', true, null, undefined, 200n, Symbol('s'), [200], {}, new Number(200), new Failing()]) {
  const name = `${typeof status} ${Array.isArray(status)} ${status === null} ${status instanceof Failing}`;
  VALUES[`status ${name}`] = () => [status, 'x'];
  VALUES[`response status ${name}`] = (context) => new context.Response('x', {}, 'text/plain', status);
}
/** Each is thrown. */
const ERRORS = {
  error: () => new Error('bad'),
  'error of a type': () => new TypeError('bad'),
  'syntax error': () => new SyntaxError('bad'),
  null: () => null,
  undefined: () => undefined,
  text: () => 'text',
  number: () => 5,
  bigint: () => 5n,
  symbol: () => Symbol('s'),
  object: () => ({ code: 5 }),
  'no prototype': () => bare({ a: 1 }),
  function: () => () => 1,
  frozen: () => Object.freeze(new Error('frozen')),
  'causes in a circle': () => causes(),
  cause: () => new Error('outer', { cause: new TypeError('inner', { cause: 'why' }) }),
  aggregate: () => new AggregateError([new Error('one'), null, new AggregateError([])], 'several'),
  'no stack': () => new NoStack('no stack'),
  'stack that is deleted': () => Object.assign(new Error('x'), { stack: undefined }),
  'stack that is an object': () => Object.assign(new Error('x'), { stack: {} }),
  'odd name': () => new OddError('odd'),
  'message that fails': () => getter('message', new Error('x')),
  'stack that fails': () => getter('stack', new Error('x')),
  proxy: () => proxyOf(new Error('x')),
  'proxy that has ended': () => {
    const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
    revoke();
    return proxy;
  },
  failing: () => new Failing(),
  promise: () => Promise.resolve('x'),
  'half a character': () => new Error('half \ud800'),
  'many lines': () => new Error('one\n    at two (/three.js:1:2)\nfour'),
  response: (context) => new context.Response('x', {}, 'text/plain', 201),
  'of another realm': () => require('node:vm').runInNewContext('new Error("elsewhere")'),
  abort: () => AbortSignal.abort().reason,
};
for (const [name, make] of Object.entries(ERRORS)) VALUES[`throw ${name}`] = (context) => thrower(make(context));
VALUES['throw deep'] = () => deep(50);
VALUES['throw endless'] = () => endless(0);

exports.handler = (context, event) => {
  if (event.path === '/names') return context.callback([200, Object.keys(VALUES)]);
  if (event.path === '/process') return context.callback(String(process.pid));
  context.callback(VALUES[event.body.toString()](context));
};
