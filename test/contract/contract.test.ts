import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { logsHeader } from '../../src/platform/embedded/function/nuclioAnswer.ts';
import { normalisePath, queryFields } from '../../src/platform/embedded/function/nuclioHttp.ts';
import type { WorkerLog } from '../../src/platform/embedded/workers/workerMessages.ts';
import { classify, originForm } from '../../src/server/http/requestPath.ts';
import type { LogLevel } from '../../src/shared/api.ts';
import { TASK_NAME } from '../../src/shared/taskNamePattern.ts';
import { parseTraceparent } from '../../src/shared/traceContext.ts';
import { TestServer } from '../support/server.ts';
import { functionYaml, type Runtime } from '../support/tasks.ts';
import { type Call, type Got, rawRequest } from './rawRequest.ts';

/**
 * The server against the contract that both Dispatchers keep. Each kind of vectors has a reader here: pure functions
 * where there are such, else a real server, invoked directly, called by another Task remotely, and called locally. The
 * Dispatchers' own readers are contract.test.js and ../dispatcher/python/test_contract.py.
 */
const here = import.meta.dirname;
const file = (name: string): string => readFileSync(path.join(here, name), 'utf8');
const vectors = <T>(kind: string): T => JSON.parse(file(`${kind}.json`));

interface Cases<Given, Expect> {
  cases: { name: string; given: Given; expect: Expect }[];
}
type Fields = Record<string, string>;
interface Invocation {
  goes: string;
  task?: string;
  path?: string;
  fields?: Fields;
}

/** What clients send by themselves, and what the server sets: compared only where a vector names it. */
const own: { request: string[]; answer: string[] } = JSON.parse(file('../support/ownHeaders.json'));
const BY_CLIENT = own.request;
const BY_SERVER = own.answer;

const without = (object: Fields, names: readonly string[], expected: object): Fields =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name) || Object.hasOwn(expected, name)));
/** For comparison: our own objects of fields have no prototype, those of JSON have. */
const plain = (object: Fields): Fields => Object.fromEntries(Object.entries(object));

const READ = new Set(['recorded']);
const each = <Given, Expect>(
  kind: string,
  check: (given: Given, expect: Expect, name: string) => void | Promise<void>,
): void => {
  READ.add(kind);
  describe(kind, () => {
    for (const { name, given, expect } of vectors<Cases<Given, Expect>>(kind).cases)
      it(name, () => check(given, expect, name));
  });
};

describe('the server keeps the contract', () => {
  const { server, own } = vectors<{ server: string; own: string[] }>('routes');
  each<[string, string], Invocation>('routes', ([method, url], { goes, task, path: seen, fields }) => {
    const { host, pathname, search, protocol, port } = new URL(url);
    if (goes === 'foreign') {
      // Port 8000 stands for the server's in functions alone.
      assert.ok(originForm(`${protocol}//${host}${pathname}`, new URL(server).host) === undefined || port === '8000');
      return;
    }
    const kind = classify(method, pathname + search);
    if (kind.kind === 'control' || !TASK_NAME.test(kind.task)) {
      assert.equal(goes, 'control');
      return;
    }
    const [target = '', query = ''] = kind.target.split('?', 2);
    assert.deepEqual(
      [own.includes(kind.task) ? 'local' : 'remote', kind.task, normalisePath(target)],
      [goes, task, seen],
    );
    assert.deepEqual(plain(queryFields(query)), fields);
  });
  each<string, string>('paths', (given, expect) => assert.equal(normalisePath(given), expect));
  each<string, Fields>('queries', (given, expect) => assert.deepEqual(plain(queryFields(given)), expect));
  each<string, [string, string] | null>('trace-headers', (given, expect) => {
    const [trace, span] = expect ?? [];
    assert.deepEqual(parseTraceparent(given), expect === null ? undefined : { trace, span });
  });
  each<number, string>('status-texts', (given, expect) => assert.equal(http.STATUS_CODES[given] ?? 'unknown', expect));

  READ.add('log-levels');
  describe('log-levels', () => {
    type Record = Pick<WorkerLog, 'level' | 'time' | 'message' | 'with'>;
    interface Case {
      name: string;
      given: { level: string; records?: Record[]; long?: number; message?: string };
      levels?: LogLevel[];
      header?: string | null;
      bytes?: number;
    }
    const { trigger, records, cases } = vectors<{ trigger: string; records: Record[]; cases: Case[] }>('log-levels');
    for (const { name, given, levels, header, bytes } of cases) {
      it(name, () => {
        const { long, message = '' } = given;
        const long1: Record[] | undefined =
          long === undefined ? undefined : [{ level: 'info', time: 1, message: message + 'x'.repeat(long), with: {} }];
        const logs = (long1 ?? given.records ?? records).map(
          (record): WorkerLog => ({ ...record, task: null, trace: null, stream: 'log' }),
        );
        const made = logsHeader(logs, given.level, trigger);
        if (header !== undefined) assert.equal(made ?? null, header);
        if (bytes !== undefined) assert.equal(made?.length, bytes);
        if (levels !== undefined) {
          const shown: Record[] = JSON.parse(made ?? 'null');
          assert.deepEqual(
            shown.map((record) => record.level),
            levels,
          );
        }
      });
    }
  });

  for (const runtime of ['python', 'nodejs'] as const)
    describe(`and so do its ${runtime} functions`, () => functions(runtime));

  it('every file of vectors is read', () => {
    const kinds = readdirSync(here).filter((name) => name.endsWith('.json'));
    assert.deepEqual(kinds.sort(), [...READ].map((kind) => `${kind}.json`).sort());
    assert.match(readFileSync(path.join(here, '..', 'server', 'conformance.test.ts'), 'utf8'), /recorded\.json/);
  });
});

interface Shown {
  method: string;
  path: string;
  fields: Fields;
  headers: Fields;
  content_type: string;
  /** Base64; null where the handler gets something parsed, which `value` is then. */
  bytes: string | null;
  value: unknown;
}

/** A real server with two Tasks, apart and fused. */
function functions(runtime: Runtime): void {
  let server: TestServer;
  const ends: (() => Promise<void>)[] = [];
  const extension = runtime === 'python' ? 'py' : 'js';
  const task = (name: string): Record<string, string> => ({
    'function.yaml': functionYaml(runtime),
    [`main.${extension}`]: file(path.join('tasks', runtime, `${name}.${extension}`)),
  });
  before(async () => {
    server = await TestServer.start({ after: (end: () => Promise<void>) => ends.push(end) });
    await server.deploy('probe', task('probe'));
    await server.deploy('relay', task('relay'));
  });
  after(async () => {
    for (const end of ends) await end();
  });

  const relay = async <T>(call: object): Promise<T> => {
    const answer = await server.post('relay', call);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<T>();
  };
  const called = async ({ body, ...call }: Call): Promise<Got> => {
    const got = await relay<Omit<Got, 'body'> & { body: string }>(
      body === undefined ? call : { ...call, body: Buffer.from(body).toString('base64') },
    );
    return { ...got, body: Buffer.from(got.body, 'base64') };
  };
  const direct = (call: Call): Promise<Got> => rawRequest(server.url, call);

  const READERS: Record<string, (invoke: (call: Call) => Promise<Got>) => Promise<void>> = {
    'request-headers': async (invoke) => {
      for (const { name, given, expect } of vectors<Cases<Fields, Fields>>('request-headers').cases) {
        // The token of these vectors is not this server's; tests of the server's own tokens are in
        // server/tokens.test.ts.
        if (/token/.test(name) || /in another case of the scheme/.test(name)) continue;
        const { body } = await invoke({ method: 'GET', path: '/probe/x', headers: given });
        assert.deepEqual(without((JSON.parse(body.toString()) as Shown).headers, BY_CLIENT, expect), expect, name);
      }
    },
    'plain-requests': async (invoke) => {
      interface Case {
        name: string;
        given: { method: string; headers: Fields; path?: string };
        status?: number;
        only?: Runtime;
      }
      for (const { name, given, status, only = runtime } of vectors<{ cases: Case[] }>('plain-requests').cases) {
        if (status === undefined || only !== runtime) continue;
        const sent = Object.entries(given.headers).filter(([, value]) => !/[\0-\x08\u0100-\uffff]/.test(value));
        const { method, path: rest = '/' } = given;
        const got = await invoke({ method, path: `/probe${rest}`, headers: Object.fromEntries(sent) });
        assert.equal(got.status, status, name);
      }
    },
    'response-headers': async (invoke) => {
      for (const { name, given, expect } of vectors<Cases<object, Fields>>('response-headers').cases) {
        const { headers } = await invoke({ method: 'POST', path: '/probe/headers', body: JSON.stringify(given) });
        const trace = headers['fusionizer-trace-id'] ?? '';
        assert.match(trace, /^[0-9a-f]{32}$/, name);
        const wanted = Object.fromEntries(
          Object.entries(expect).map(([key, value]) => [key, value === '<trace>' ? trace : value]),
        );
        assert.deepEqual(without(headers, BY_SERVER, wanted), wanted, name);
        assert.ok(headers['date'] !== undefined && headers['date'] !== 'yesterday', name);
      }
    },
    bodies: async (invoke) => {
      interface Case {
        name: string;
        given: { content_type?: string; body?: string; bytes?: string };
        python: 'bytes' | { value: unknown };
      }
      for (const { name, given, python } of vectors<{ cases: Case[] }>('bodies').cases) {
        const body = given.bytes === undefined ? Buffer.from(given.body ?? '') : Buffer.from(given.bytes, 'latin1');
        const headers: Fields = given.content_type === undefined ? {} : { 'Content-Type': given.content_type };
        const got: Shown = JSON.parse(
          (await invoke({ method: 'POST', path: '/probe', headers, body })).body.toString(),
        );
        // Clients give text a type of their own; what counts is that it is none of JSON's.
        if (given.content_type !== undefined) assert.equal(got.content_type, given.content_type, name);
        if (runtime === 'nodejs' || python === 'bytes') assert.equal(got.bytes, body.toString('base64'), name);
        else assert.deepEqual([got.bytes, got.value], [null, python.value], name);
      }
    },
    answers: async (invoke) => {
      interface Case {
        name: string;
        python?: string;
        nodejs?: string;
        expect: { status: number; content_type?: string; headers?: Fields; body?: string; json?: unknown };
      }
      for (const { name, expect, ...code } of vectors<{ cases: Case[] }>('answers').cases) {
        const body = code[runtime];
        if (body === undefined) continue;
        const got = await invoke({ method: 'POST', path: '/probe/answer', body });
        assert.equal(got.status, expect.status, name);
        assert.equal(got.reason, http.STATUS_CODES[expect.status] ?? 'unknown', name);
        if (expect.content_type !== undefined) assert.equal(got.headers['content-type'], expect.content_type, name);
        for (const [header, value] of Object.entries(expect.headers ?? {}))
          assert.equal(got.headers[header], value, name);
        if (expect.body !== undefined) assert.equal(got.body.toString(), expect.body, name);
        if (expect.json !== undefined) assert.deepEqual(JSON.parse(got.body.toString()), expect.json, name);
      }
    },
  };
  const callFunction = async (): Promise<void> => {
    type Expected = Partial<Omit<Shown, 'bytes' | 'value' | 'content_type'>> & { body?: unknown };
    for (const { name, given, expect } of vectors<Cases<object, Expected>>('call-function').cases) {
      const { status, json: got } = await relay<{ status: number; json: Shown }>({ event: given });
      assert.equal(status, 200, name);
      const { headers, body, ...rest } = expect;
      assert.deepEqual({ ...got, ...rest }, got, name);
      if (headers !== undefined) assert.deepEqual(without(got.headers, BY_CLIENT, headers), headers, name);
      const text = got.bytes === null ? undefined : Buffer.from(got.bytes, 'base64').toString();
      if (typeof body === 'string') assert.equal(text, body, name);
      else if (body !== undefined) assert.deepEqual(text === undefined ? got.value : JSON.parse(text), body, name);
    }
  };
  for (const kind of Object.keys(READERS)) READ.add(kind);
  READ.add('call-function');

  for (const [kind, read] of Object.entries(READERS)) it(`${kind}, invoked directly`, () => read(direct));
  for (const [kind, read] of Object.entries(READERS)) it(`${kind}, by a remote call`, () => read(called));
  it('call-function, by a remote call', callFunction);
  it('fused', async () => {
    const { status, text } = await server.changeSetup('PUT', [['relay', 'probe']]);
    assert.equal(status, 200, text);
  });
  for (const [kind, read] of Object.entries(READERS)) it(`${kind}, by a local call`, () => read(called));
  it('call-function, by a local call', callFunction);
}
