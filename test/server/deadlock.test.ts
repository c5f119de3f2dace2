import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { type Files, TestServer, until } from '../support/server.ts';
import { calling, functionYaml, saying } from '../support/tasks.ts';

/** Says by a file that it runs, waits until another file is there, then calls another Task. */
function gated(name: string, callee: string, gate: string): Files {
  const code = calling(name, callee)['main.js'] as string;
  const wait = `const fs = require('node:fs');
  fs.writeFileSync(${JSON.stringify(`${gate}.reached`)}, '');
  while (!fs.existsSync(${JSON.stringify(gate)})) await new Promise((done) => setTimeout(done, 5));`;
  return { 'function.yaml': functionYaml('nodejs'), 'main.js': code.replace('=> {\n', `=> {\n  ${wait}\n`) };
}

describe('calls between functions with one worker each', () => {
  it('do not lock each other when the extra worker of a function waits too', async (t) => {
    const server = await TestServer.start(t);
    const gate = path.join(await temporaryFolder(t), 'open');
    await server.deploy('leaf', saying('leaf'));
    await server.deploy('middle', calling('middle', 'leaf'));
    await server.deploy('one', calling('one', 'middle'));
    await server.deploy('two', gated('two', 'middle', gate));
    await server.changeSetup('PUT', [['two', 'leaf'], ['middle'], ['one']]);
    const waiting = async (count: number): Promise<void> => {
      const pattern = new RegExp(`fusionizer_waiting_events\\{function="(two-leaf|leaf-two)-[^"]+"\\} ${count}\n`);
      await until(async () => pattern.test((await server.request('/-/metrics')).text));
    };
    // `two` holds the only worker of its function; it does not wait yet, so the calls of `leaf` queue up behind it as they should.
    const two = server.post('two');
    await until(() => existsSync(`${gate}.reached`));
    const middle = server.post('middle');
    await waiting(1);
    const one = server.post('one');
    await waiting(2);
    await writeFile(gate, '');
    const answers = await Promise.all([two, middle, one]);
    assert.deepEqual(
      answers.map(({ status, text }) => `${status} ${text}`),
      ['200 two(middle(leaf))', '200 middle(leaf)', '200 one(middle(leaf))'],
    );
  });
});
