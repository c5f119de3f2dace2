import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Operation } from '../../../src/shared/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { writeNpmPackage, writeWheel } from '../../support/packages.ts';
import { TestServer } from '../../support/server.ts';
import { commands, functionYaml, nodeTask, pythonTask } from '../../support/tasks.ts';

describe('build commands', () => {
  it('install a Python package once, and take it from the cache afterwards', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    await writeWheel(dir, 'plural', '1.0', 'def of(word):\n    return word + "s"\n');
    const code = 'import plural\n\ndef handler(context, event):\n    return plural.of("task")\n';
    const spec = commands(`pip install --no-index --find-links ${dir} plural==1.0`);
    await server.deploy('one', pythonTask(code, spec));
    assert.equal((await server.post('one')).text, 'tasks');
    const id = '0f0f0f0f-0000-4000-8000-000000000003';
    const again = await server.put('two', pythonTask(`${code}# two\n`, spec), { 'Fusionizer-Operation': id });
    assert.equal(again.status, 200, again.text);
    assert.equal((await server.post('two')).text, 'tasks');
    const { log } = (await server.request(`/-/operations/${id}`)).json<Operation>();
    assert.deepEqual(log, ['build commands: unchanged, using the cached environment']);
    assert.equal((await readdir(path.join(server.state, 'envs'))).length, 1);
  });

  it('install npm packages, globally or not, that a CommonJS and an ES module import', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    const plain = await writeNpmPackage(dir, 'plain', '1.0.0', "module.exports = 'plain';");
    const scoped = await writeNpmPackage(dir, '@scope/inner', '1.0.0', "module.exports = 'scoped';");
    const globally = await writeNpmPackage(dir, 'globally', '1.0.0', "module.exports = 'global';");
    const npm = 'npm install --offline --no-audit --no-fund';
    const spec = commands(`${npm} ${plain} ${scoped}`, `${npm} -g ${globally}`);
    const names = ['plain', '@scope/inner', 'globally'];
    const required = names.map((name) => `require('${name}')`).join();
    await server.deploy('one', nodeTask(`exports.handler = (c) => c.callback([${required}].join());`, spec));
    assert.equal((await server.post('one')).text, 'plain,scoped,global');
    const imports = names.map((name, index) => `import p${index} from '${name}';\n`).join('');
    await server.deploy('two', {
      'function.yaml': functionYaml('nodejs', spec).replace('main:handler', 'main.mjs:handler'),
      'main.mjs': `${imports}export const handler = (c) => c.callback([p0, p1, p2].join());\n`,
    });
    assert.equal((await server.post('two')).text, 'plain,scoped,global');
  });

  it('that name a file which the Task does not have say so', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('task', pythonTask('', commands('pip install -r requirements.txt')));
    assert.match(answer.text, /requirements\.txt.*find the files of the Task's folder that they name/s);
  });

  it('that the interpreter satisfies already make no environment', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'one',
      pythonTask('def handler(context, event):\n    return "x"\n', commands('pip install pip')),
    );
    assert.deepEqual(await readdir(path.join(server.state, 'envs')), []);
  });

  it('that use the package manager of a system are refused', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.put('one', nodeTask('', commands('apt-get install -y curl')));
    assert.equal(answer.status, 422);
    assert.match(answer.text, /apt-get.*--allow-system-commands/);
    const block = '  build:\n    commands:\n      - |\n        set -e\n        apt-get update\n';
    const inBlock = await server.put('one', nodeTask('', block), { Accept: 'application/json' });
    const line = functionYaml('nodejs', block).split('\n').indexOf('        apt-get update') + 1;
    assert.equal(inBlock.json<{ line: number }>().line, line, inBlock.text);
  });

  it('are merged without repeats when Tasks are fused', async (t) => {
    const server = await TestServer.start(t, { allowSystemCommands: true });
    const spec = commands('ls -A | wc -l > count.txt');
    await server.deploy('one', nodeTask("exports.handler = (c) => c.callback('1');", spec));
    await server.deploy('two', nodeTask("exports.handler = (c) => c.callback('2');", spec));
    assert.equal((await server.changeSetup('PUT', [['one', 'two']])).status, 200);
    assert.equal((await readdir(path.join(server.state, 'envs'))).length, 1);
  });
});
