import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ClientError } from '../../src/client/errors.ts';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { CliHarness } from '../support/cli.ts';
import { writeNpmPackage, writeWheel } from '../support/packages.ts';
import { zip } from '../support/server.ts';
import { commands, nodeTask, pythonTask } from '../support/tasks.ts';

const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** Programs that would change the machine. Here they leave a mark in the sandbox's prefix. */
const SYSTEM = ['apt-get', 'apt', 'sudo', 'brew', 'conda', 'snap', 'dnf'];

/** Variables that lead programs to folders of the user's own. */
const LEADING_OUT = ['PIPX_BIN_DIR', 'GEM_HOME', 'CARGO_INSTALL_ROOT', 'GOBIN', 'GOCACHE', 'POETRY_CACHE_DIR'];

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
    // These write where the user's variables or options lead them.
    await script('path/uv', `case "$*" in *--system*) touch ${at('prefix/uv')} ;; *) touch "$UV_CACHE_DIR.uv" ;; esac`);
    const installs: [name: string, dir: string][] = [
      ['pipx', '$' + '{PIPX_BIN_DIR:-$HOME/.local/bin}'],
      ['gem', '$' + '{GEM_HOME:-$HOME/.gem}/bin'],
      ['cargo', '$' + '{CARGO_INSTALL_ROOT:-$' + '{CARGO_HOME:-$HOME/.cargo}}/bin'],
      ['go', '$' + '{GOBIN:-$' + '{GOPATH:-$HOME/go}/bin}'],
      ['poetry', '$' + '{POETRY_CACHE_DIR:-$HOME/.cache/pypoetry}'],
    ];
    for (const [name, dir] of installs)
      await script(`path/${name}`, `mkdir -p "${dir}" && touch "${dir}/evil" && echo ${name} done`);
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
        ...Object.fromEntries(LEADING_OUT.map((name) => [name, at('prefix')])),
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
  /** More ways to start a program. They do not depend on the runtime. */
  const started = (): string[] => [
    'S=sudo; ( ( $S -n true ) )',
    'A=apt-get; echo `$A update`',
    'A=apt-get; sh <<EOF\n$A update\nEOF',
    'A=apt-get; echo update | xargs $A',
    'A=apt-get; env -i "PATH=$PATH" $A update',
    "printf 'all:\\n\\tapt-get update\\n' > Makefile; make all",
    'printf \'{"scripts": {"evil": "apt-get update"}}\' > package.json; npm run evil',
    'printf \'{"scripts": {"preinstall": "brew install x"}}\' > package.json; npm install --no-audit',
    'printf \'{"bin": {"evil": "evil.sh"}, "name": "evil"}\' > package.json; npm link; npx --offline evil',
    'rm -f package.json; pipx install evil; gem install evil; cargo install evil; go install evil; poetry install',
    'C=conda; $C install evil',
    'uv pip install --system evil',
    'TMPDIR=; f=$(mktemp) && echo "apt-get update" > "$f"; sh "$f"; rm "$f"',
  ];
  /** None of these ask PATH, or HOME. Each tries to leave a file, or to remove one. */
  const byPath = (): string[] => {
    const evil = `touch ${at('home/evil')} ${at('prefix/evil')} ${at('path/evil')}`;
    return [
      evil,
      `cd ${at('home')} && touch x && rm .bashrc`,
      `cd / && cd .${at('prefix')} && touch x`,
      `${at('path/apt-get')} update`.replace('/apt', '/"apt"'),
      `$(which -a snap | tail -1) install x`,
      `P=${at('path')}/pip3.7; env -i $P ${pip()}`,
      `env -i PATH=${at('path')} pip3.7 ${pip()}`,
      `printf '${evil}\n' | sh`,
      `sh <<EOF\n${evil}\nEOF`,
      `echo "$(${evil})"; echo \`${evil}\``,
      `find . -maxdepth 0 -exec ${evil} \\;`,
      `echo ${at('home/evil')} | xargs touch`,
      `printf 'all:\\n\\t${evil}\\n' > Makefile; make all`,
      `printf '{"scripts": {"evil": "${evil}", "install": "${evil}"}}' > package.json; npm run evil; npm install`,
      `node -e "require('node:fs').writeFileSync('${at('home/evil')}', '')"`,
      `node -e "require('node:fs').rmSync('${at('home')}', {recursive: true})"`,
      `chmod 777 ${at('home')}; touch -d 2001-01-01 ${at('home/.npmrc')}; mv ${at('home')} ${at('moved')}`,
      `ln ${at('home/.bashrc')} hard && echo evil >> hard; ln -sf ${at('home/.npmrc')} soft && echo evil >> soft`,
      `npm install --offline --no-audit --no-fund -g --prefix "$(echo ${at('prefix')})" ${tarball}`,
      `mount -o remount,rw / ; umount ${at('home')}; unshare -rm umount ${at('home')}; touch ${at('home/evil')}`,
      `touch /proc/$PPID/root${at('home/evil')} /proc/1/root${at('home/evil')}`,
    ];
  };
  const links = (): string[] => [
    `mv "$HOME" "$HOME.old"; ln -s ${at('home')} "$HOME"`,
    `rm -rf "$HOME"; mkdir "$HOME"; ln -s ${at('home/.config')} "$HOME/.config"; ln -s ${at('home/.cache')} "$HOME/.cache"`,
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

  it('change nothing by full paths where they are confined, and say so where they are not', async (t) => {
    const { confined } = await new FusionizerClient(cli.server).environments();
    if (!confined) {
      assert.match(await run('nodejs', ['true']), /they can write to files of this machine: /);
      // A container may refuse. Then only the guard is tested.
      t.diagnostic('this machine cannot confine build commands');
      return;
    }
    const log = await run('nodejs', byPath());
    assert.ok((log.match(/read-only file system/gi) ?? []).length > 20, log);
    const setup = `open(${JSON.stringify(at('home/evil'))}, "w")`;
    await run('python', [
      `python3 -c 'open("${at('home/evil')}", "w")'`,
      `${python} -c 'import os; os.remove("${at('home/.bashrc')}")'`,
      `printf '%s' '${setup}' > setup.py; pip install --no-index --no-build-isolation .; ${python} setup.py`,
      `${python} -m pip ${pip()} --target ${at('prefix/lib')}`,
    ]);
  });

  it('change nothing when they put a link to the user’s HOME in the place of their own', async () => {
    for (const command of links()) await run('nodejs', [command]);
  });

  it('are reported with the line and what to do', async () => {
    const client = new FusionizerClient(cli.server);
    if (!(await client.environments()).confined) return;
    const files = nodeTask('', commands('true', `touch ${at('home/evil')}`));
    await assert.rejects(client.deploy('hostile', await zip(files)), (error) => {
      assert.ok(error instanceof ClientError);
      assert.match(error.message, /Read-only file system\nBuild commands write into the Task's environment only/);
      assert.deepEqual([error.file, error.line], ['function.yaml', 9]);
      return true;
    });
  });

  it('of a Node.js Task change nothing of the user’s machine', async () => {
    const log = await run('nodejs', [
      ...system(),
      ...started(),
      `pip ${pip()}`,
      `pip3.11 ${pip()} --user`,
      `python3 -m pip ${pip()} --user`,
      `OTHER=${at('path/pip3')}; $OTHER ${pip()}`,
    ]);
    assert.match(log, /fusionizer: 'pip' would install for a Python of this machine: a Node\.js Task installs/);
  });
});
