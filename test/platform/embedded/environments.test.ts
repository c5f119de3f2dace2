import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { HeldCommand, waitsForAnother } from '../../support/heldCommand.ts';
import { writeNpmPackage, writeWheel } from '../../support/packages.ts';
import { type Files, TestServer } from '../../support/server.ts';
import { commands, nodeTask, pythonTask } from '../../support/tasks.ts';

const TASKS = 20;
const DEPLOYS = 200;
const LISTS = 4;

const lines = async (file: string): Promise<number> => (await readFile(file, 'utf8')).split('\n').length - 1;

/** Lists of build commands, each of which installs one version of a package, and counts how often it runs. */
async function writeLists(dir: string): Promise<((name: string) => Files)[]> {
  const makers: ((name: string) => Files)[] = [];
  for (let list = 0; list < LISTS; list += 1) {
    const count = `echo made >> ${path.join(dir, `count${list}`)}`;
    const version = `${list}.0.0`;
    if (list === 0) {
      await writeWheel(dir, 'plural', version, `VERSION = '${version}'\n`);
      const code = 'import plural\n\ndef handler(context, event):\n    return plural.VERSION\n';
      const pip = `pip install --no-index --find-links ${dir} plural==${version}`;
      makers.push((name) => pythonTask(`${code}# ${name}\n`, commands(pip, count)));
    } else {
      const file = await writeNpmPackage(dir, 'plural', version, `module.exports = '${version}';`);
      const npm = `npm install --offline --no-audit --no-fund ${file}`;
      const code = "exports.handler = (c) => c.callback(require('plural'));";
      makers.push((name) => nodeTask(`${code} // ${name}\n`, commands(npm, count)));
    }
  }
  return makers;
}

describe('environments', () => {
  it('are made once for each list, however many deploys want them at the same time, and again after a loss', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    const makers = await writeLists(dir);
    const nameOf = (index: number): string => `task-${index % TASKS}`;
    const filesOf = (name: string): Files => makers[Number(name.slice(5)) % LISTS]?.(name) ?? {};
    const answers = await Promise.all(
      Array.from({ length: DEPLOYS }, (_, index) => server.put(nameOf(index), filesOf(nameOf(index)))),
    );
    // A newer deploy of the same Task supersedes one that waits.
    for (const { status, text } of answers) assert.ok(status === 200 || status === 409, text);
    assert.ok(answers.filter(({ status }) => status === 200).length >= TASKS);
    const assertServing = async (): Promise<void> => {
      for (let task = 0; task < TASKS; task += 1)
        assert.equal((await server.post(nameOf(task))).text, `${task % LISTS}.0.0`, nameOf(task));
    };
    await assertServing();
    for (let list = 0; list < LISTS; list += 1) assert.equal(await lines(path.join(dir, `count${list}`)), 1);
    assert.equal((await readdir(path.join(server.state, 'envs'))).length, LISTS);
    await server.server.close();
    await rm(path.join(server.state, 'envs'), { recursive: true });
    await server.restart();
    await assertServing();
    for (let list = 0; list < LISTS; list += 1) assert.equal(await lines(path.join(dir, `count${list}`)), 2);
  });

  it('go on being made for the others when the deploy that began it is cancelled', async (t) => {
    const server = await TestServer.start(t);
    const held = await HeldCommand.create(t);
    const put = (name: string, id: string): ReturnType<TestServer['put']> =>
      server.put(name, nodeTask(`exports.handler = (c) => c.callback('${name}');`, commands(held.text)), {
        'Fusionizer-Operation': id,
      });
    const [one, two] = ['0f0f0f0f-0000-4000-8000-000000000001', '0f0f0f0f-0000-4000-8000-000000000002'];
    const first = put('one', one);
    await held.begun();
    const second = put('two', two);
    await waitsForAnother(server, two);
    await server.request(`/-/operations/${one}`, { method: 'DELETE' });
    assert.equal((await first).status, 409);
    await held.letGo();
    assert.equal((await second).status, 200);
    assert.equal((await server.post('two')).text, 'two');
    assert.equal(await held.runs(), 1);
  });

  it('are given up when all deploys that wait for them are cancelled, and made by the next one', async (t) => {
    const server = await TestServer.start(t);
    const held = await HeldCommand.create(t);
    const files = nodeTask("exports.handler = (c) => c.callback('x');", commands(held.text));
    const id = '0f0f0f0f-0000-4000-8000-000000000003';
    const first = server.put('one', files, { 'Fusionizer-Operation': id });
    await held.begun();
    await server.request(`/-/operations/${id}`, { method: 'DELETE' });
    assert.equal((await first).status, 409);
    assert.deepEqual(await readdir(path.join(server.state, 'envs')), []);
    await held.letGo();
    await server.deploy('one', files);
    assert.equal(await held.runs(), 2);
  });

  it('that fail do so for all deploys that wait, and are tried again by the next one', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    const [begun, good] = [path.join(dir, 'begun'), path.join(dir, 'good')];
    const command = `echo begun >> ${begun}; sleep 0.3; [ -e ${good} ] || { echo no luck; exit 3; }`;
    const put = (name: string): ReturnType<TestServer['put']> =>
      server.put(name, nodeTask("exports.handler = (c) => c.callback('x');", commands(command)));
    for (const { status, text } of await Promise.all(['a', 'b', 'c'].map(put))) {
      assert.equal(status, 422);
      assert.match(text, /no luck/);
    }
    assert.equal(await lines(begun), 1);
    await writeFile(good, '');
    assert.equal((await put('a')).status, 200);
  });
});
