import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { HeldCommand, waitsForAnother } from '../../support/heldCommand.ts';
import { writeNpmPackage, writeWheel } from '../../support/packages.ts';
import { type Files, TestServer } from '../../support/server.ts';
import { commands, nodeTask, pythonTask } from '../../support/tasks.ts';

const environments = async (server: TestServer): Promise<number> =>
  (await readdir(path.join(server.state, 'envs'))).length;

describe('build commands and the Task’s files', () => {
  it('install what requirements.txt says, again when it changes, and not when the code does', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    await writeWheel(dir, 'plural', '1.0', 'def of(word):\n    return word + "s"\n');
    await writeWheel(dir, 'plural', '2.0', 'def of(word):\n    return word + "en"\n');
    const code = 'import plural\n\ndef handler(context, event):\n    return plural.of("task")\n';
    const pip = `pip install --no-index --find-links ${dir}`;
    const deploy = (command: string, version: string, more = ''): Promise<void> =>
      server.deploy('one', {
        ...pythonTask(code + more, commands('@nuclio.postCopy', command)),
        'requirements.txt': '-r more/base.txt\n',
        'more/base.txt': `plural==${version}\n`,
      });
    await deploy(`${pip} -r requirements.txt`, '1.0');
    assert.equal((await server.post('one')).text, 'tasks');
    await deploy(`${pip} -r requirements.txt`, '1.0', '# changed\n');
    assert.equal(await environments(server), 1);
    await deploy(`${pip} -r /opt/nuclio/requirements.txt`, '2.0');
    assert.equal((await server.post('one')).text, 'tasken');
    assert.equal(await environments(server), 2);
  });

  it('install what package.json says, and each Task of a function has its own version', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    for (const version of ['1.0.0', '2.0.0']) {
      const file = await writeNpmPackage(dir, 'plain', version, `module.exports = '${version}';`);
      const npm = 'npm install --offline --no-audit --no-fund';
      await server.deploy(`v${version[0]}`, {
        ...nodeTask("exports.handler = (c) => c.callback(require('plain'));", commands(npm)),
        'package.json': JSON.stringify({ dependencies: { plain: `file:${file}` } }),
      });
    }
    const answers = async (): Promise<string[]> => [(await server.post('v1')).text, (await server.post('v2')).text];
    assert.deepEqual(await answers(), ['1.0.0', '2.0.0']);
    assert.equal((await server.changeSetup('PUT', [['v1', 'v2']])).status, 200);
    assert.deepEqual(await answers(), ['1.0.0', '2.0.0']);
  });

  it('make files for the Task behind the copy, out of its own ones', async (t) => {
    const server = await TestServer.start(t);
    const code = `import pathlib\n\ndef handler(context, event):
    here = pathlib.Path(__file__).parent
    return (here / "made/upper.txt").read_text() + (here / "table.txt").read_text()\n`;
    const spec = commands(
      '@nuclio.postCopy',
      'mkdir made && tr a-z A-Z < table.txt > made/upper.txt',
      'printf more >> /opt/nuclio/table.txt',
    );
    await server.deploy('one', { ...pythonTask(code, spec), 'table.txt': 'abc' });
    assert.equal((await server.post('one')).text, 'ABCabcmore');
  });

  it('leave data in HOME for the Task, which otherwise has the user’s own', async (t) => {
    // Commands that are not kept from the user's own HOME would write there.
    const own = process.env['HOME'];
    process.env['HOME'] = await temporaryFolder(t);
    t.after(() => {
      process.env['HOME'] = own;
    });
    const server = await TestServer.start(t);
    const code = "const fs = require('node:fs'); const file = process.env.HOME + '/data/words';\n";
    const handler =
      'exports.handler = (c) => c.callback(fs.existsSync(file) ? fs.readFileSync(file) : process.env.HOME);';
    const data = commands('mkdir ~/data && printf words > ~/data/words');
    await server.deploy('data', nodeTask(code + handler, data));
    await server.deploy('tools', nodeTask(code + handler, commands('mkdir ~/.config && echo > ~/.config/tool')));
    assert.deepEqual(
      [(await server.post('data')).text, (await server.post('tools')).text],
      ['words', process.env['HOME']],
    );
  });

  it('find what they need although the deploy that began them is cancelled with its files', async (t) => {
    const server = await TestServer.start(t);
    const held = await HeldCommand.create(t);
    const files: Files = {
      ...nodeTask(
        "exports.handler = (c) => c.callback(require('node:fs').readFileSync(__dirname + '/made.txt'));",
        commands(`${held.text}; cat words.txt > made.txt`),
      ),
      'words.txt': 'words',
    };
    const [one, two] = ['0f0f0f0f-0000-4000-8000-000000000016', '0f0f0f0f-0000-4000-8000-000000000017'];
    const first = server.put('one', files, { 'Fusionizer-Operation': one });
    await held.begun();
    const second = server.put('two', files, { 'Fusionizer-Operation': two });
    await waitsForAnother(server, two);
    await server.request(`/-/operations/${one}`, { method: 'DELETE' });
    assert.equal((await first).status, 409);
    await held.letGo();
    assert.equal((await second).status, 200);
    assert.equal((await server.post('two')).text, 'words');
  });

  it('give a Task its own version of nuclio-sdk', async (t) => {
    const server = await TestServer.start(t);
    const code = 'import nuclio_sdk\n\ndef handler(context, event):\n    return nuclio_sdk.OWN\n';
    const spec = commands('@nuclio.postCopy', 'python copy_sdk.py');
    const copy = `import pathlib, shutil, sysconfig, sys
target = pathlib.Path(sysconfig.get_path("purelib")) / "nuclio_sdk"
shutil.copytree(sys.argv[1] if len(sys.argv) > 1 else ${JSON.stringify(SDK)}, target)
with open(target / "__init__.py", "a") as file:
    file.write("\\nOWN = 'own'\\n")
`;
    await server.deploy('one', { ...pythonTask(code, spec), 'copy_sdk.py': copy });
    assert.equal((await server.post('one')).text, 'own');
  });
});

const SDK = path.resolve('dispatcher/python/vendor/nuclio_sdk');

describe('build commands of several Tasks', () => {
  const wheelTask = (dir: string, name: string, version: string, other = ''): Files =>
    pythonTask(
      `import ${name}\n\ndef handler(context, event):\n    return ${name}.VERSION\n`,
      commands(`pip install --no-index --find-links ${dir} ${name}==${version}${other}`),
    );

  it('do not run again when the Tasks are fused: their environments are layers of one', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    await writeWheel(dir, 'one', '1.0', 'VERSION = "one 1.0"\n');
    await writeWheel(dir, 'two', '2.0', 'VERSION = "two 2.0"\n');
    await server.deploy('a', wheelTask(dir, 'one', '1.0'));
    await server.deploy('b', wheelTask(dir, 'two', '2.0'));
    const id = '0f0f0f0f-0000-4000-8000-000000000015';
    const answer = await server.changeSetup('PUT', [['a', 'b']], { 'Fusionizer-Operation': id });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([(await server.post('a')).text, (await server.post('b')).text], ['one 1.0', 'two 2.0']);
    const { log } = (await server.request(`/-/operations/${id}`)).json<{ log: string[] }>();
    assert.deepEqual(new Set(log), new Set(['build commands: unchanged, using the cached environment']));
  });

  it('are refused for Tasks that could not keep the versions that they asked for', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    for (const version of ['1.0', '2.0']) await writeWheel(dir, 'shared', version, `VERSION = "${version}"\n`);
    const task = (requirement: string): Files => ({
      ...pythonTask(
        'import shared\n\ndef handler(context, event):\n    return shared.VERSION\n',
        commands(`pip install --no-index --find-links ${dir} -r requirements.txt`),
      ),
      'requirements.txt': `${requirement}  # why\n`,
    });
    await server.deploy('a', task('shared < 2'));
    await server.deploy('b', task('shared==2.0'));
    const answer = await server.changeSetup('PUT', [['a', 'b']]);
    assert.equal(answer.status, 422, answer.text);
    assert.match(answer.text, /'a' and 'b' cannot be fused: .* it needs shared<2, and 2\.0 is there/);
    assert.deepEqual([(await server.post('a')).text, (await server.post('b')).text], ['1.0', '2.0']);
  });

  it('run together where two Tasks would have different versions of a package', async (t) => {
    const server = await TestServer.start(t);
    const dir = await temporaryFolder(t);
    await writeWheel(dir, 'shared', '1.0', 'VERSION = "1.0"\n');
    await writeWheel(dir, 'one', '1.0', 'from shared import VERSION\n');
    await server.deploy('a', wheelTask(dir, 'one', '1.0', ' shared'));
    await writeWheel(dir, 'shared', '2.0', 'VERSION = "2.0"\n');
    await server.deploy('b', wheelTask(dir, 'shared', '2.0'));
    const answer = await server.changeSetup('PUT', [['a', 'b']]);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([(await server.post('a')).text, (await server.post('b')).text], ['2.0', '2.0']);
  });
});
