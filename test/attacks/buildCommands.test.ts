import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { CliHarness } from '../support/cli.ts';
import { writeNpmPackage, writeWheel } from '../support/packages.ts';
import { zip } from '../support/server.ts';
import { commands, nodeTask, pythonTask } from '../support/tasks.ts';

const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** Programs that would change the machine. Here they leave a mark in the sandbox's prefix. */
const SYSTEM = ['apt-get', 'apt', 'sudo', 'brew', 'conda', 'snap', 'dnf'];

/** All that is below a folder: kind, mode, time and content of each entry. */
async function pictureOf(dir: string): Promise<string[]> {
  const picture: string[] = [];
  for (const name of (await readdir(dir, { recursive: true })).sort()) {
    const file = path.join(dir, name);
    const entry = await lstat(file);
    const content = entry.isFile() ? await readFile(file, 'base64') : '';
    picture.push(`${name} ${entry.mode} ${entry.mtimeMs} ${content}`);
  }
  return picture;
}

describe('hostile build commands', () => {
  let cli: CliHarness;
  let sandbox: string;
  let wheels: string;
  let tarball: string;
  const at = (...parts: string[]): string => path.join(sandbox, ...parts);

  before(async () => {
    cli = await CliHarness.create();
    sandbox = path.join(await realpath(cli.dir), 'sandbox');
    wheels = path.join(sandbox, 'wheels');
    for (const name of ['home/.config/pip', 'home/.local/bin', 'prefix/bin', 'prefix/lib', 'path', 'wheels'])
      await mkdir(at(name), { recursive: true });
    await writeFile(at('home/.bashrc'), '# mine\n');
    await writeFile(at('home/.npmrc'), 'fund=false\n');
    await writeFile(at('home/.config/pip/pip.conf'), '[global]\nno-color = true\n');
    await writeWheel(wheels, 'evil', '1.0', 'VERSION = "1.0"\n');
    tarball = await writeNpmPackage(wheels, 'evil', '1.0.0', "module.exports = 'evil';");
    const script = async (file: string, text: string): Promise<void> => {
      await writeFile(at(file), `#!/bin/sh\n${text}\n`);
      await chmod(at(file), 0o755);
    };
    for (const name of SYSTEM) await script(`path/${name}`, `echo "$0 $*" >> ${at('prefix/called')}`);
    // A Python of the user's own: its pip is the real one, and installs into the prefix.
    for (const name of ['pip', 'pip3', 'pip3.7', 'pip3.11', 'pip3.99'])
      await script(`path/${name}`, `exec ${python} -m pip "$@" --target ${at('prefix/lib')}`);
    // As the real one, it writes beside itself unless told otherwise: `corepack enable --install-directory DIR`.
    await script('path/corepack', 'touch "$' + '{3:-$(dirname "$0")}/yarn"');
    for (const name of ['python3', 'python3.7'])
      await script(`path/${name}`, `exec ${python} "$@" --target ${at('prefix/lib')}`);
    await symlink(process.execPath, at('path/node'));
    await cli.serve(['--python', python], {
      env: {
        HOME: at('home'),
        PATH: `${at('path')}${path.delimiter}${process.env['PATH']}`,
        PIP_TARGET: at('prefix/lib'),
        npm_config_prefix: at('prefix'),
        npm_config_cache: at('home/.npm'),
        XDG_CONFIG_HOME: at('home/.config'),
      },
    });
  });
  after(() => cli.close());

  /** Runs each of them, whatever the others do, and answers with what they print. */
  async function run(family: 'python' | 'nodejs', list: readonly string[]): Promise<string> {
    const before = await Promise.all(['home', 'prefix', 'path'].map((name) => pictureOf(at(name))));
    const spec = commands(...list.map((command) => `(${command}\n) || true`));
    const files =
      family === 'python'
        ? pythonTask('def handler(context, event):\n    return "unharmed"\n', spec)
        : nodeTask("exports.handler = (c) => c.callback('unharmed');", spec);
    const client = new FusionizerClient(cli.server);
    const { log } = await client.deploy('hostile', await zip(files), { force: true });
    assert.equal((await client.invoke('hostile')).body.toString(), 'unharmed');
    const now = await Promise.all(['home', 'prefix', 'path'].map((name) => pictureOf(at(name))));
    assert.deepEqual(now, before, log.join('\n'));
    return log.join('\n');
  }

  const pip = (): string => `install --no-index --find-links ${wheels} evil`;
  const system = (): string[] => [
    'PROGRAM=apt-get; $PROGRAM update',
    'ap"t-ge"t update',
    'echo apt-get update | sh',
    `printf 'sudo true\\nbrew install x\\n' > script.sh; sh script.sh`,
    `node -e "require('node:child_process').spawnSync('apt-get', ['update'], {stdio: 'inherit'})"`,
    '"$(command -v snap)" install x',
    'find . -maxdepth 0 -exec dnf install x \\;',
    'corepack enable; corepack disable',
    'echo evil >> ~/.bashrc; echo evil >> "$HOME/.profile"',
    'npm config set --location=global registry http://localhost:1/',
    `npm install --offline --no-audit --no-fund -g ${tarball}`,
    `npm install --offline --no-audit --no-fund -g --prefix=${at('prefix')} ${tarball}`,
    'git config --global user.name evil',
    'rm -rf ~/.[a-z]* ~/*',
  ];

  it('of a Python Task change nothing of the user’s machine', async () => {
    const log = await run('python', [
      ...system(),
      `pip ${pip()} --user`,
      `pip3.11 ${pip()}`,
      `pip3.99 ${pip()}`,
      `pip3.7 ${pip()}`,
      `python3.7 -m pip ${pip()}`,
      `OTHER=${at('path/pip3.7')}; $OTHER ${pip()}`,
      `python -m pip ${pip()} --user --force-reinstall`,
      `pip ${pip()} --target ${at('prefix/lib')}`,
      `python -m pip ${pip()} --target ${at('prefix/lib')}`,
      `python3 -u -m pip ${pip()} --prefix=${at('prefix')}`,
      `python3.11 -mpip ${pip()} --root=${at('prefix')}`,
      `pip ${pip()} --prefix=${at('prefix')}`,
      `pip ${pip()} --root ${at('prefix')}`,
      `cd .. && pip ${pip()} --target work/../../../../sandbox/prefix/lib`,
      'pip config set global.index-url http://localhost:1/',
      'python -m site --user-site',
    ]);
    assert.match(log, /fusionizer: 'apt-get' would change this machine/);
    assert.match(log, /fusionizer: 'pip3\.7' would install for another Python/);
    assert.match(log, /Successfully installed evil-1\.0/);
  });

  it('of a Node.js Task change nothing of the user’s machine', async () => {
    const log = await run('nodejs', [
      ...system(),
      `pip ${pip()}`,
      `pip3.11 ${pip()} --user`,
      `python3 -m pip ${pip()} --user`,
      `OTHER=${at('path/pip3')}; $OTHER ${pip()}`,
    ]);
    assert.match(log, /fusionizer: 'pip' would install for a Python of this machine: a Node\.js Task installs/);
  });
});
