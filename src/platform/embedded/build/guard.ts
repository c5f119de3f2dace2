import { realpathSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../../shared/ifMissing.ts';
import type { Layout } from './layout.ts';
import { SYSTEM_PROGRAMS } from './systemCommands.ts';

/** Names of pip that people write, whether or not this machine has them. */
const PIPS = ['pip', 'pip2', 'pip3', ...Array.from({ length: 20 }, (_, minor) => `pip3.${minor}`)];
const PIP = /^(pip[0-9.]*|easy_install[0-9.-]*)(\.exe)?$/;
const PYTHON = /^python[0-9.]*$/;
/** Programs that are run, but whose options must not lead out of the environment. */
const WRAPPED = ['npm', 'uv', 'corepack'];

/**
 * Writes the programs that stand before all others on the PATH of build commands. What installs packages installs into
 * the environment, whatever name and options it is called by; what would change the machine refuses. A guard on PATH
 * holds for scripts and programs that commands start, which no reading of the commands' text would.
 * @param version of the environment's Python; undefined for Node.js
 * @param allowSystem leaves the system's package managers as they are
 */
export async function writeGuard(layout: Layout, version: string | undefined, allowSystem: boolean): Promise<void> {
  const { guard } = layout;
  await mkdir(guard, { recursive: true });
  const onPath = await namesOnPath();
  const found = onPath.filter((name) => PIP.test(name)).map((name) => name.replace(/\.exe$/, ''));
  const pips = [...new Set([...PIPS, ...found])];
  const refused = allowSystem ? [] : SYSTEM_PROGRAMS;
  if (process.platform === 'win32') {
    const own = ['pip', 'pip3', `pip${version}`];
    for (const name of pips)
      await writeFile(
        path.join(guard, `${name}.cmd`),
        version !== undefined && own.includes(name)
          ? `@"${layout.python}" -m pip %*\r\n`
          : `@echo ${pipRefusal(name, version)} 1>&2\r\n@exit /b 1\r\n`,
      );
    for (const name of refused)
      await writeFile(
        path.join(guard, `${name}.cmd`),
        `@echo ${REFUSAL.replace('$name', name)} 1>&2\r\n@exit /b 1\r\n`,
      );
    return;
  }
  await writeFile(path.join(guard, '.guard'), guardScript(layout, version), { mode: 0o755 });
  // `python -m pip` is pip by another name.
  const own = version === undefined ? [] : ['python', 'python3', `python${version}`];
  const pythons = new Set([...own, ...onPath.filter((name) => PYTHON.test(name))]);
  await Promise.all(
    [...pips, ...pythons, ...WRAPPED, ...refused].map((name) => symlink('.guard', path.join(guard, name))),
  );
}

const REFUSAL =
  "'$name' would change this machine: the embedded platform does not run it. A real Nuclio runs it in an image; " +
  'serve --allow-system-commands lifts this';

function pipRefusal(name: string, version: string | undefined): string {
  return version === undefined
    ? `'${name}' would install for a Python of this machine: a Node.js Task installs packages with npm`
    : `'${name}' would install for another Python of this machine: this Task runs with Python ${version}, write pip`;
}

/** One script for all names: the name it is called by decides. */
function guardScript(layout: Layout, version: string | undefined): string {
  const own = version === undefined ? [] : ['pip', 'pip3', `pip${version}`];
  return `#!/bin/sh
# Stands before the machine's own programs while build commands run.
name=\${0##*/}
refuse() { echo "fusionizer: $1" >&2; exit 1; }
# Options that name a place have to name one in the environment.
inside() {
  case $1 in
    ${quoted(layout.dir)} | ${quoted(layout.dir)}/*) case $1 in */../* | */..) ;; *) return ;; esac ;;
    /* | [~]* | ../* | */../* | */.. | ..) ;;
    *) return ;;
  esac
  refuse "'$name' would install into $1, outside of the Task's environment: leave that option out"
}
machine() { PATH=${quoted(layout.variables['PATH'] ?? '')} && command -v "$1"; }
case $name in
  python*)
    count=0 module=
    for argument; do
      count=$((count + 1))
      case $argument in
        -m) module=next ;;
        -m*) module=\${argument#-m}; break ;;
        -c) break ;;
        -*) ;;
        *) if [ "$module" = next ]; then module=$argument; fi; break ;;
      esac
    done
    if [ "$module" != pip ]; then
      real=$(machine "$name") || { echo "$name: not found" >&2; exit 127; }
      exec "$real" "$@"
    fi
    shift "$count"
    name=pip\${name#python} ;;
esac
before=
for argument; do
  shift
  case $name:$before in
    pip*:--target | pip*:-t | pip*:--prefix | pip*:--root | pip*:--src | pip*:--python) inside "$argument" ;;
    npm:--prefix | npm:-C | npm:--userconfig | npm:--globalconfig) inside "$argument" ;;
    uv:--target | uv:--prefix | uv:--python | uv:-p) inside "$argument" ;;
  esac
  case $name:$argument in
    pip*:--target=* | pip*:--prefix=* | pip*:--root=* | pip*:--src=* | pip*:--python=*) inside "\${argument#*=}" ;;
    npm:--prefix=* | npm:--userconfig=* | npm:--globalconfig=*) inside "\${argument#*=}" ;;
    uv:--target=* | uv:--prefix=* | uv:--python=*) inside "\${argument#*=}" ;;
  esac
  before=$argument
  # The environment takes the place of the user's own packages.
  case $name:$argument in pip*:--user | uv:--system | pip*:--break-system-packages) continue ;; esac
  set -- "$@" "$argument"
done
case $name in
${own.length === 0 ? '' : `  ${own.join(' | ')}) exec ${quoted(layout.python ?? '')} -m pip "$@" ;;\n`}\
  pip* | easy_install*) refuse "${pipRefusal('$name', version)}" ;;
  ${WRAPPED.join(' | ')})
    real=$(machine "$name") || { echo "$name: not found" >&2; exit 127; }
    # npm installs into the nearest folder above that has a package.json or packages: here it is the command's own.
    below=\${PWD#${quoted(realpathSync(layout.dir))}/}
    root=${quoted(realpathSync(layout.dir))}/\${below%%/*}
    case $name:$below in
      npm:work*) [ -e "$root/package.json" ] || mkdir -p "$root/node_modules" ;;
    esac
    case $name:$1 in
      corepack:enable | corepack:disable) exec "$real" "$@" --install-directory ${quoted(layout.bin)} ;;
    esac
    exec "$real" "$@" ;;
esac
refuse "${REFUSAL}"
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

async function namesOnPath(): Promise<string[]> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(path.isAbsolute);
  const lists = await Promise.all(folders.map((dir) => readdir(dir).catch(unreadable)));
  return lists.flat();
}

/** PATH may name folders that are not there, are files, or belong to others: they have no programs for us. */
function unreadable(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOTDIR' || error.code === 'EACCES') return [];
  return ifMissing([] as string[])(error);
}
