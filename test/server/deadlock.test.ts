import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { type Files, TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** A gate in a folder: whoever comes to it says so by one file, and goes on when another is there. */
class Gate {
  readonly #file: string;

  constructor(dir: string, name: string) {
    this.#file = path.join(dir, name);
  }

  get code(): string {
    const [reached, open] = [`${this.#file}.reached`, this.#file].map((file) => JSON.stringify(file));
    return `require('node:fs').writeFileSync(${reached}, '');
  while (!require('node:fs').existsSync(${open})) await new Promise((done) => setTimeout(done, 5));`;
  }

  reached(): Promise<boolean> {
    return until('the Task to reach its gate', () => existsSync(`${this.#file}.reached`));
  }

  open(): Promise<void> {
    return writeFile(this.#file, '');
  }
}

/** A Task that comes to a gate, calls other Tasks at the same time, and answers with their answers. */
function task(name: string, callees: readonly string[], gate?: Gate): Files {
  return {
    'function.yaml': functionYaml('nodejs'),
    'main.js': `exports.handler = async (context, event, session) => {
  ${gate?.code ?? ''}
  const base = 'http://' + event.headers['Fusionizer-Server-Address'] + ':8000/';
  const answers = await Promise.all(${JSON.stringify(callees)}.map((callee) => session.post(base + callee)));
  const status = Math.max(200, ...answers.map((answer) => answer.status));
  context.callback([status, '${name}(' + (await Promise.all(answers.map((answer) => answer.text()))).join() + ')']);
};
`,
  };
}

/** Waits until so many events wait for a worker of the function that a Task is in. */
async function waiting(server: TestServer, name: string, count: number): Promise<void> {
  const { function: fn } = await server.task(name);
  await until('calls to wait for a worker', async () =>
    (await server.request('/-/metrics')).text.includes(`fusionizer_waiting_events{function="${fn}"} ${count}\n`),
  );
}

describe('calls between functions with one worker each do not lock each other', () => {
  it('when the extra worker of a function waits too', async (t) => {
    const server = await TestServer.start(t);
    const gate = new Gate(await temporaryFolder(t), 'two');
    await server.deploy('leaf', saying('leaf'));
    await server.deploy('middle', task('middle', ['leaf']));
    await server.deploy('one', task('one', ['middle']));
    await server.deploy('two', task('two', ['middle'], gate));
    await server.changeSetup('PUT', [['two', 'leaf'], ['middle'], ['one']]);
    // `two` holds the only worker of its function; it does not wait itself yet, so the calls of `leaf` queue up behind
    // it as they should.
    const two = server.post('two');
    await gate.reached();
    const middle = server.post('middle');
    await waiting(server, 'leaf', 1);
    const one = server.post('one');
    await waiting(server, 'leaf', 2);
    await gate.open();
    const answers = await Promise.all([two, middle, one]);
    assert.deepEqual(
      answers.map(({ text }) => text),
      ['two(middle(leaf))', 'middle(leaf)', 'one(middle(leaf))'],
    );
  });

  it('when the extra worker of a function was busy as they began to wait', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    const [atMiddle, atLeaf] = [new Gate(dir, 'middle'), new Gate(dir, 'leaf')];
    await server.deploy('leaf', task('leaf', [], atLeaf));
    await server.deploy('middle', task('middle', ['leaf'], atMiddle));
    await server.deploy('side', task('side', ['leaf']));
    await server.deploy('top', task('top', ['side', 'middle']));
    await server.changeSetup('PUT', [['top', 'leaf'], ['middle'], ['side']]);
    const middle = server.post('middle');
    await atMiddle.reached();
    // Its call of `side` comes back into its function and gets the extra worker there; its call of `middle` waits.
    const top = server.post('top');
    await atLeaf.reached();
    await waiting(server, 'middle', 1);
    await atMiddle.open();
    await waiting(server, 'leaf', 1);
    await atLeaf.open();
    const answers = await Promise.all([middle, top]);
    assert.deepEqual(
      answers.map(({ text }) => text),
      ['middle(leaf())', 'top(side(leaf()),middle(leaf()))'],
    );
  });
});

it('a call waits for its extra worker to start, also beyond the time that events wait for a worker', async (t) => {
  const server = await TestServer.start(t);
  const slow = (name: string, callee: string): Files => ({
    'function.yaml': functionYaml(
      'nodejs',
      '  triggers:\n    http: {kind: http, workerAvailabilityTimeoutMilliseconds: 100}\n',
    ),
    'main.js': `exports.initContext = () => new Promise((done) => setTimeout(done, 400));
exports.handler = async (context, event, session) => {
  if (event.path === '/end') return context.callback('${name}');
  const answer = await session.post('http://' + event.headers['Fusionizer-Server-Address'] + ':8000/${callee}');
  context.callback([answer.status, await answer.text()]);
};
`,
  });
  await server.deploy('one', slow('one', 'two'));
  await server.deploy('two', slow('two', 'one/end'));
  const { status, text } = await server.post('one');
  assert.equal(status, 200, text);
  assert.equal(text, 'one');
});
