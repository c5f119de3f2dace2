import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Files, TestServer } from '../support/server.ts';
import { nodeTask, pythonTask, type Runtime } from '../support/tasks.ts';

/** Status, content type, headers of the handler's own, body. */
type Outcome = [status: number, type: string | null, own: Record<string, string>, body: string];

const source = (runtime: Runtime, file: string): string =>
  readFileSync(new URL(`../contract/tasks/${runtime}/${file}`, import.meta.url), 'utf8');

/** The Task of all values, with a plain handler and with an async one. */
const VALUES: Record<Runtime, { plain: Files; asynchronous: Files }> = {
  python: ((hostile) => ({
    plain: { ...pythonTask(source('python', 'values.py')), 'hostile.py': hostile },
    asynchronous: {
      ...pythonTask(source('python', 'values.py').replace('def handler', 'async def handler')),
      'hostile.py': hostile,
    },
  }))(source('python', 'hostile.py')),
  nodejs: {
    plain: nodeTask(source('nodejs', 'values.js')),
    asynchronous: nodeTask(
      source('nodejs', 'values.js').replace('(context, event) => {', 'async (context, event) => {'),
    ),
  },
};

/** Calls a Task once for each name that it gets. */
const RELAY: Record<Runtime, Files> = {
  python: pythonTask(`import os
def handler(context, event, session):
    found = []
    for name in event.body["names"]:
        answer = session.post(os.environ["FUSIONIZER_URL"] + "/" + event.body["task"], data=name.encode())
        headers = {key.lower(): value for key, value in answer.headers.items()}
        found.append([answer.status_code, headers.get("content-type"), headers, answer.content.decode("latin-1")])
    return 200, found
`),
  nodejs: nodeTask(`exports.handler = async (context, event, session) => {
  const { task, names } = JSON.parse(event.body);
  const found = [];
  for (const name of names) {
    const answer = await session.post(process.env.FUSIONIZER_URL + '/' + task, { body: name });
    const body = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    found.push([answer.status, answer.headers.get('content-type'), Object.fromEntries(answer.headers), body]);
  }
  context.callback([200, found]);
};`),
};

/** What is different by its nature: folders of builds, addresses, and how much of the stack is left. */
function withoutPlaces(text: string): string {
  return text
    .replaceAll(/\/[^"\s()]*\/builds\/[^/]+/g, '<build>')
    .replaceAll(/ at 0x[0-9a-f]+/g, ' at <address>')
    .replaceAll(
      /(?: {2}File "[^"\n]*", line \d+, in \w+\n {4}[^\n]*\n(?: {4}[ ^~]*\n)?)+ {2}\[Previous line repeated \d+ more times\]/g,
      '<many>',
    );
}

const outcome = ([status, type, headers, body]: Outcome): Outcome => [
  status,
  type,
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-'))),
  withoutPlaces(body),
];

for (const runtime of ['python', 'nodejs'] as const) {
  describe(`a value that a handler answers with or raises, ${runtime}`, () => {
    it('never ends the worker, and is the same alone, by a remote call and by a local one', async (t) => {
      const server = await TestServer.start(t);
      const tasks = Object.keys(VALUES[runtime]) as (keyof (typeof VALUES)[Runtime])[];
      for (const task of tasks) await server.deploy(task, VALUES[runtime][task]);
      await server.deploy('relay', RELAY[runtime]);
      const names = (await server.request('/plain/names', { method: 'POST' })).json<string[]>();
      assert.ok(names.length > 140);
      const called = async (task: string): Promise<Outcome[]> => {
        const answer = await server.post('relay', { task, names });
        assert.equal(answer.status, 200, answer.text);
        return answer.json<Outcome[]>().map(outcome);
      };
      const compare = (got: Outcome[], wanted: Outcome[], way: string): void => {
        for (const [index, name] of names.entries()) assert.deepEqual(got[index], wanted[index], `${name}, ${way}`);
      };
      const processOf = async (task: string): Promise<string> =>
        (await server.request(`/${task}/process`, { method: 'POST' })).text;
      const alone: Outcome[] = [];
      const before = await Promise.all(tasks.map(processOf));
      for (const name of names) {
        const { status, headers, body } = await server.request('/plain', { method: 'POST', body: name });
        const own = Object.entries(headers).map(([key, value]) => [key, String(value)]);
        alone.push(
          outcome([status, headers['content-type'] ?? null, Object.fromEntries(own), body.toString('latin1')]),
        );
      }
      for (const [index, name] of names.entries()) {
        const [status, , , body] = alone[index] ?? [0, null, {}, ''];
        if (/^(?:raise|throw) /.test(name)) assert.equal(status, 500, name);
        assert.doesNotMatch(body, /fusionizer_/, name);
      }
      compare(await called('plain'), alone, 'by a remote call');
      const asynchronous = await called('asynchronous');
      assert.deepEqual(await Promise.all(tasks.map(processOf)), before);

      assert.equal((await server.changeSetup('PUT', [['relay', ...tasks]])).status, 200);
      const fused = await processOf('plain');
      compare(await called('plain'), alone, 'by a local call');
      compare(await called('asynchronous'), asynchronous, 'async, by a local call');
      assert.equal(await processOf('asynchronous'), fused);
    });
  });
}
