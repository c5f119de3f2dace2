import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Channel, type Handlers } from '../../../src/shared/views/channel.ts';

type Host = {
  requests: { double: { input: number; output: number }; fail: { input: undefined; output: undefined } };
  events: { noted: string };
};
type Page = { requests: { name: { input: undefined; output: string } }; events: Record<string, never> };

const heard: string[] = [];
const HOST: Handlers<Host> = {
  requests: {
    double: (number) => number * 2,
    fail: () => {
      throw new Error('on purpose');
    },
  },
  events: { noted: (text) => void heard.push(text) },
};

/** A line whose messages are copied, as real ones are. */
function line(handlers = HOST, patience?: number): { page: Channel<Page, Host>; host: Channel<Host, Page> } {
  const host: Channel<Host, Page> = new Channel(
    (message) => queueMicrotask(() => page.receive(structuredClone(message))),
    handlers,
  );
  const page: Channel<Page, Host> = new Channel(
    (message) => queueMicrotask(() => host.receive(structuredClone(message))),
    { requests: { name: () => 'page' }, events: {} },
    patience,
  );
  return { page, host };
}

describe('a channel between a page and its host', () => {
  it('answers requests both ways, in any order', async () => {
    const { page, host } = line();
    assert.deepEqual(await Promise.all([page.request('double', 2), page.request('double', 3)]), [4, 6]);
    assert.equal(await host.request('name', undefined), 'page');
  });

  it('answers with an error where a handler throws, and where there is none', async () => {
    const { page } = line();
    await assert.rejects(page.request('fail', undefined), /^Error: on purpose$/);
    await assert.rejects(page.request('toString' as 'fail', undefined), /There is no request "toString"/);
  });

  it('fails a request without an answer in time, and when it is closed', async () => {
    const { page } = line({ ...HOST, requests: { ...HOST.requests, double: () => new Promise(() => {}) } }, 20);
    await assert.rejects(page.request('double', 1), /No answer to "double" in 0.02 s/);
    const waiting = page.request('double', 1, Number.POSITIVE_INFINITY);
    page.close();
    await assert.rejects(waiting, /has closed/);
  });

  it('passes events on, and takes no notice of what it does not know', async () => {
    const { page, host } = line();
    page.tell('noted', 'hello');
    for (const strange of [null, undefined, 5, 'x', {}, { kind: 'event', name: 'valueOf' }, { kind: 'result', id: 99 }])
      host.receive(strange);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(heard, ['hello']);
  });
});
