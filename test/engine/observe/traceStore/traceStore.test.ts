import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TraceStore } from '../../../../src/engine/observe/traceStore/traceStore.ts';
import { textMask } from '../../../../src/secrets/mask.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { exchange, numbers, openStore, record, SECRET, segments } from './support.ts';

/** The smallest limit, in bytes. */
const SMALL = 64 * 1024;

describe('traces on disk', () => {
  it('read back as a log that lacks its oldest lines only, whatever is added, cut off and opened again', async (t) => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 40 }), size: fc.nat(3000) }) },
      { weight: 1, arbitrary: fc.record({ reopen: fc.constant(true) }) },
      { weight: 2, arbitrary: fc.record({ tear: fc.integer({ min: 1, max: 5000 }) }) },
    );
    const root = await temporaryFolder(t);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        runs += 1;
        const dir = path.join(root, String(runs));
        let { store } = await openStore(dir, { limit: SMALL });
        let next = store.firstNumber;
        let log: number[] = [];
        for (const one of steps) {
          if ('add' in one) {
            for (let count = 0; count < one.add; count += 1, next += 1) {
              store.add(next, record('ab'), exchange({ body: Buffer.alloc(one.size, 'x') }));
              log.push(next);
            }
            await store.flush();
          } else {
            await store.close();
            if ('tear' in one) {
              const newest = (await segments(dir)).at(-1);
              if (newest) await truncate(path.join(dir, newest.name), Math.max(0, newest.content.length - one.tear));
            }
            ({ store } = await openStore(dir, { limit: SMALL }));
            next = Math.max(next, store.firstNumber);
            const kept = await numbers(store);
            // The torn lines are the newest ones of what was written.
            const newest = kept.at(-1);
            log = log.filter((n) => newest !== undefined && n <= newest);
          }
          const kept = await numbers(store);
          assert.deepEqual(kept, log.slice(log.length - kept.length));
          const sizes = (await segments(dir)).map(({ content }) => content.length);
          assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= SMALL);
          if (sizes.reduce((sum, size) => sum + size, 0) < SMALL / 2) assert.deepEqual(kept, log);
        }
        await store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('are found by trace, Task, status, duration, time and page, also by the next run of the server', async (t) => {
    const dir = await temporaryFolder(t);
    let { store } = await openStore(dir);
    const first = store.firstNumber;
    const all = [
      record('aa', { status: 500, duration: 30 }),
      record('ab', { callee: 'b', caller: 'a', local: true, start: 1_800_000_000_000 }),
      record('ac', { callee: 'c', status: 0 }),
      record('ad', { callee: 'c', status: 404, duration: 200 }),
    ];
    for (const [index, one] of all.entries()) store.add(first + index, one);
    for (let run = 0; run < 2; run += 1) {
      const found = async (...args: Parameters<typeof store.find>): Promise<string> =>
        (await store.find(...args)).map(({ trace }) => trace.slice(0, 2)).join();
      assert.equal(await found({}, 10), 'ad,ac,ab,aa');
      assert.equal(await found({}, 2), 'ad,ac');
      assert.equal(await found({}, 2, first + 2), 'ab,aa');
      assert.equal(await found({ task: 'a' }, 10), 'ab,aa');
      assert.equal(await found({ task: 'nobody' }, 10), '');
      assert.equal(await found({ status: 'error' }, 10), 'ad,ac,aa');
      assert.equal(await found({ status: { from: 400, to: 499 } }, 10), 'ad');
      assert.equal(await found({ min: 30 }, 10), 'ad,aa');
      assert.equal(await found({ since: 1_750_000_000_000 }, 10), 'ab');
      assert.equal(await found({ outer: true }, 10), 'ad,ac,aa');
      assert.equal(await found({ trace: 'ac' }, 10), 'ac');
      assert.equal(await found({ trace: `ac${'0'.repeat(28)}` }, 10), 'ac');
      assert.equal(await found({ trace: 'a' }, 10), 'ad,ac,ab,aa');
      assert.equal(await found({ trace: `ac${'0'.repeat(27)}1` }, 10), '');
      await store.close();
      ({ store } = await openStore(dir));
    }
    await store.close();
  });

  it('give requests and answers back as they were: text, bytes, repeated headers, no answer', async (t) => {
    const dir = await temporaryFolder(t);
    const { store } = await openStore(dir);
    const bytes = randomBytes(200);
    const headers = ['Server', 'left out', 'X-A', 'one', '__proto__', 'two', 'X-A', 'three'];
    store.add(1, record('aa'), exchange({ headers, ownItems: 2, target: '/a%20b?x=1', body: Buffer.from('é\n\t"\\') }));
    store.add(2, record('ab'), exchange({ body: bytes, answer: undefined }));
    const [text] = (await store.trace(record('aa').trace)).exchanges.values();
    assert.deepEqual(Object.entries(text?.request.headers ?? {}), [
      ['X-A', ['one', 'three']],
      ['__proto__', 'two'],
    ]);
    const { path: target, body, encoding, size, truncated } = text?.request ?? {};
    assert.deepEqual([target, body, encoding, size, truncated], ['/a%20b?x=1', 'é\n\t"\\', 'utf8', 6, false]);
    assert.deepEqual([text?.answer?.body, text?.answer?.headers, text?.masked], ['got', { 'X-Own': 'one' }, false]);
    const [binary] = (await store.trace(record('ab').trace)).exchanges.values();
    assert.deepEqual(Buffer.from(binary?.request.body ?? '', 'base64'), bytes);
    assert.equal(binary?.answer, null);
    await store.close();
  });

  it('keep 64 KiB of a body, whole characters only', async (t) => {
    const { store } = await openStore(await temporaryFolder(t));
    const bodies = [
      Buffer.alloc(60 * 1024, 'x'),
      Buffer.alloc(64 * 1024, 'x'),
      Buffer.from('ä'.repeat(100_000)),
      randomBytes(100_000),
      Buffer.alloc(100_000),
    ];
    for (const [index, body] of bodies.entries()) store.add(index + 1, record(`a${index}`), exchange({ body }));
    for (const [index, body] of bodies.entries()) {
      const [{ request } = assert.fail('not recorded')] = (
        await store.trace(record(`a${index}`).trace)
      ).exchanges.values();
      const kept = Buffer.from(request.body, request.encoding);
      assert.deepEqual([request.size, request.truncated], [body.length, body.length > 64 * 1024]);
      assert.ok(kept.length <= 64 * 1024 && kept.length >= Math.min(body.length, 48 * 1024), `${kept.length} bytes`);
      assert.ok(kept.equals(body.subarray(0, kept.length)), `body ${index}`);
    }
    await store.close();
  });

  it('have no secret in any file, wherever it was, also where a body is cut', async (t) => {
    const dir = await temporaryFolder(t);
    const { store } = await openStore(dir);
    const cut = Buffer.from('x'.repeat(64 * 1024 - 10) + SECRET + 'x'.repeat(100));
    const answer = { status: 200, headers: ['Set-Cookie', 'id=wolf-1234'], body: SECRET, cold: false };
    const sent = [
      'Authorization',
      'Basic wolf-1234',
      'cookie',
      'wolf-1234',
      'X-Api-Key',
      'wolf-1234',
      'X-Note',
      SECRET,
    ];
    store.add(1, record('aa', { request: `POST /a/${SECRET}` }), exchange({ headers: sent, answer }));
    store.add(2, record('ab'), exchange({ target: `/?password=wolf-1234&x=${SECRET}`, body: cut }));
    store.add(3, record('ac'), exchange({ body: Buffer.from(JSON.stringify({ nested: `"${SECRET}\n` })) }));
    store.add(4, record('ad'), exchange({ body: Buffer.concat([Buffer.from([0xff]), Buffer.from(SECRET)]) }));
    await store.flush();
    const content = Buffer.concat((await segments(dir)).map((segment) => segment.content)).toString('latin1');
    assert.equal(content.includes('wolf-1234'), false);
    for (const part of [SECRET, SECRET.slice(0, 10), Buffer.from(SECRET).toString('base64').slice(2, 12)])
      assert.equal(content.includes(part), false, part);
    assert.ok(content.includes('***'));
    const [{ request, masked } = assert.fail()] = (await store.trace(record('ac').trace)).exchanges.values();
    assert.deepEqual([JSON.parse(request.body), masked], [{ nested: '"***\n' }, true]);
    await store.close();
  });

  it('are private, and only what failed with its trace is kept where errors are recorded', async (t) => {
    const dir = path.join(await temporaryFolder(t), 'traces');
    const { store } = await openStore(dir, { record: 'errors' });
    store.add(1, record('aa'), exchange());
    store.add(2, record('ab', { status: 500 }), exchange());
    store.add(3, record('ab', { span: 'c', caller: 'a' }));
    store.add(4, record('ac', { status: 0 }));
    assert.deepEqual(await numbers(store), [2, 3, 4]);
    const [segment] = await segments(dir);
    assert.equal((await stat(path.join(dir, segment?.name ?? ''))).mode & 0o777, 0o600);
    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    await store.close();
  });
});

describe('a disk that fails', () => {
  it('ends recording with one warning; what was written before can be read', async (t) => {
    const dir = await temporaryFolder(t);
    let writes = 0;
    const { store, warnings } = await openStore(dir, {
      limit: SMALL,
      open: async (file) => ({
        write: async (data) => {
          writes += 1;
          await appendFile(file, writes === 2 ? data.subarray(0, 10) : data);
          if (writes === 2) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        },
        close: async () => undefined,
      }),
    });
    for (let n = 1; n < 10; n += 1) {
      store.add(n, record('aa'));
      await store.flush();
    }
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^Recording of traces has stopped: ENOSPC.*Invocations go on/);
    assert.equal(writes, 2);
    assert.deepEqual(await numbers(store), [1]);
    await store.close();
  });

  it('loses the newest lines, and no memory, while it is too slow', async (t) => {
    const dir = await temporaryFolder(t);
    let free: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      free = resolve;
    });
    const { store, warnings } = await openStore(dir, {
      open: async (file) => ({
        write: async (data) => {
          await slow;
          await appendFile(file, data);
        },
        close: async () => undefined,
      }),
    });
    for (let n = 1; n <= 300; n += 1) store.add(n, record('aa'), exchange({ body: Buffer.alloc(60_000, 'x') }));
    const flushed = store.flush();
    free();
    await flushed;
    assert.match(warnings.join(), /^The disk is too slow for all traces(?!.*The disk)/);
    store.add(1001, record('aa'));
    const kept = await numbers(store);
    assert.ok(kept.length < 200 && kept.length > 50 && kept.at(-1) === 1001);
    assert.deepEqual(
      kept.slice(0, -1),
      kept.slice(0, -1).map((_, index) => index + 1),
    );
    await store.close();
  });

  it('that cannot be used, gives a warning and no store', async (t) => {
    const dir = await temporaryFolder(t, { traces: 'a file' });
    const warnings: string[] = [];
    const store = await TraceStore.open({
      dir: path.join(dir, 'traces'),
      record: 'all',
      mask: () => textMask([]),
      warn: (message) => warnings.push(message),
    });
    assert.equal(store, undefined);
    assert.match(warnings.join(), /^Traces are not recorded: EEXIST.*--record none$/);
  });

  it('leaves damaged lines out, with one warning', async (t) => {
    const dir = await temporaryFolder(t);
    const before = await openStore(dir);
    for (let n = 1; n <= 3; n += 1) before.store.add(n, record('aa'), exchange());
    await before.store.close();
    const [{ name, content } = assert.fail()] = await segments(dir);
    const lines = content.toString().split('\n');
    lines[1] = `${lines[1]?.slice(0, 20)}\0\0\0`;
    lines.splice(2, 0, 'null', '{"n":1}', '');
    await writeFile(path.join(dir, name), lines.join('\n'));
    await mkdir(path.join(dir, 'not-ours'));
    const { store, warnings } = await openStore(dir);
    assert.deepEqual(await numbers(store), [1, 3]);
    assert.deepEqual(await numbers(store), [1, 3]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^4 lines of .* cannot be read/);
    await store.close();
  });
});
