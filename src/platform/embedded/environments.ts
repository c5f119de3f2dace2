import { createHash } from 'node:crypto';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { FusionizerError } from '../../core/errors.ts';
import { packageRoot } from '../../core/packageRoot.ts';
import { ENVIRONMENT_COMPLETE } from '../../core/store.ts';
import { plainRequirements } from './buildCommands.ts';
import type { PythonInterpreter } from './interpreters.ts';
import { killGroup } from './processGroup.ts';

/** Where a function's build commands installed to, as its workers need it. */
export interface Environment {
  /** The interpreter to run; undefined: the one without an environment. */
  python: string | undefined;
  variables: Record<string, string>;
  /** Folders of npm packages. */
  nodeModules: string[];
}

export interface BuildProgress {
  signal: AbortSignal;
  /** Takes secrets out of what is said: build commands may name package indexes with passwords, and print what they find in the environment. */
  mask(text: string): string;
  output(line: string): void;
}

const NOTHING: Environment = { python: undefined, variables: {}, nodeModules: [] };
const windows = process.platform === 'win32';

/** Asks the interpreter whether it satisfies requirements; anything unexpected means no, and they are installed. */
const SATISFIED_SCRIPT = `
import sys
from importlib import metadata
try:
    from packaging.requirements import Requirement
except ImportError:
    from pip._vendor.packaging.requirements import Requirement
for text in sys.argv[1:]:
    requirement = Requirement(text)
    if not requirement.specifier.contains(metadata.version(requirement.name), prereleases=True):
        sys.exit(1)
`;

/** Environments made by build commands: one per distinct list of commands and interpreter, made once, kept in the state folder. */
export class Environments {
  readonly #dir: string;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #making = new Map<string, Promise<void>>();

  /** @param variables of all that build commands run */
  constructor(dir: string, variables: Readonly<Record<string, string>>) {
    this.#dir = dir;
    this.#variables = variables;
  }

  /**
   * @param python undefined for Node.js functions
   * @throws FusionizerError `task` with the failing command and its own words
   */
  async prepare(commands: readonly string[], python: PythonInterpreter | undefined, progress: BuildProgress): Promise<Environment> {
    if (commands.length === 0) return NOTHING;
    const requirements = python && plainRequirements(commands);
    if (python && requirements) {
      const asked = await execa(python.command, ['-c', SATISFIED_SCRIPT, ...requirements], { reject: false, stdin: 'ignore', cancelSignal: progress.signal });
      progress.signal.throwIfAborted();
      if (asked.exitCode === 0) {
        progress.output(`${requirements.join(', ')}: satisfied by ${python.command}`);
        return NOTHING;
      }
    }
    const interpreter = python ? `${python.command} ${python.version}` : process.version;
    const key = createHash('sha256')
      .update(JSON.stringify([commands, interpreter]))
      .digest('hex')
      .slice(0, 24);
    const dir = path.join(this.#dir, key);
    // Another deploy may be making the same one, and may be cancelled: then it is our turn.
    for (let other = this.#making.get(key); other; other = this.#making.get(key)) await other;
    if (!(await exists(path.join(dir, ENVIRONMENT_COMPLETE)))) {
      const making = this.#make(dir, commands, python, progress);
      const ended = making.then(ignore, ignore);
      this.#making.set(key, ended);
      await making.finally(() => this.#making.delete(key));
    } else progress.output('build commands: done before, taken from the cache');
    return environmentIn(dir, python);
  }

  async #make(dir: string, commands: readonly string[], python: PythonInterpreter | undefined, progress: BuildProgress): Promise<void> {
    await rm(dir, { recursive: true, force: true });
    const work = path.join(dir, 'work');
    await mkdir(work, { recursive: true });
    try {
      if (python) await makeVenv(dir, python, progress);
      const { variables } = environmentIn(dir, python);
      for (const command of commands) await run(command, work, { ...variables, ...this.#variables }, progress);
      await writeFile(path.join(dir, ENVIRONMENT_COMPLETE), JSON.stringify({ commands, at: new Date().toISOString() }));
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  }
}

function environmentIn(dir: string, python: PythonInterpreter | undefined): Environment {
  const bin = windows && python ? path.join(dir, 'Scripts') : path.join(dir, windows ? '' : 'bin');
  const modules = [path.join(dir, 'work', 'node_modules'), windows ? path.join(dir, 'node_modules') : path.join(dir, 'lib', 'node_modules')];
  return {
    python: python && path.join(bin, windows ? 'python.exe' : 'python'),
    nodeModules: modules,
    variables: {
      PATH: [bin, path.join(dir, 'work', 'node_modules', '.bin'), process.env['PATH']].join(path.delimiter),
      NODE_PATH: modules.join(path.delimiter),
      npm_config_prefix: dir,
      ...(python ? { VIRTUAL_ENV: dir } : {}),
    },
  };
}

/**
 * A virtual environment that sees the interpreter's own packages. Without a pip of its own: copying that in takes seconds, and the interpreter's pip
 * installs into the environment just as well when the environment's Python runs it.
 */
async function makeVenv(dir: string, python: PythonInterpreter, progress: BuildProgress): Promise<void> {
  const made = await execa(python.command, ['-m', 'venv', '--without-pip', '--system-site-packages', dir], {
    reject: false,
    all: true,
    stdin: 'ignore',
    cancelSignal: progress.signal,
  });
  progress.signal.throwIfAborted();
  if (made.failed) throw new FusionizerError('platform', `${python.command} cannot make a virtual environment for build commands: ${progress.mask(made.all)}`);
  const { python: own = '' } = environmentIn(dir, python);
  for (const name of ['pip', 'pip3']) {
    const file = path.join(path.dirname(own), windows ? `${name}.cmd` : name);
    await writeFile(file, windows ? `@"${own}" -m pip %*\r\n` : `#!/bin/sh\nexec "${own}" -m pip "$@"\n`);
    await chmod(file, 0o755);
  }
}

/** Runs one build command in a shell of its own, as a Dockerfile's RUN does. It ends with the server, whatever that dies of. */
async function run(command: string, cwd: string, variables: Record<string, string>, progress: BuildProgress): Promise<void> {
  const { mask } = progress;
  progress.output(mask(`$ ${command}`));
  progress.signal.throwIfAborted();
  const child = execa(process.execPath, [path.join(packageRoot(), 'dispatcher', 'supervise.cjs'), command], {
    cwd,
    // Undefined takes a token that the server's user has in the environment out of it: packages' own scripts run here.
    env: { ...variables, FUSIONIZER_TOKEN: undefined, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PYTHONUNBUFFERED: '1' },
    // 3: the supervisor's lifeline.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    all: true,
    buffer: false,
    reject: false,
    // Its own group, so that a cancel ends all that the command started.
    detached: !windows,
  });
  const said: string[] = [];
  const kill = (): void => killGroup(child.pid);
  progress.signal.addEventListener('abort', kill, { once: true });
  try {
    for await (const text of child.iterable({ from: 'all' })) {
      const line = mask(text);
      progress.output(line);
      said.push(line);
      if (said.length > 50) said.shift();
    }
    const result = await child;
    progress.signal.throwIfAborted();
    if (!result.failed) return;
    const how = result.exitCode === undefined ? (result.shortMessage ?? 'could not be started') : `exit status ${result.exitCode}`;
    const hint = /No such file or directory|ENOENT|Could not open requirements/.test(said.join('\n')) ? NO_FILES_HINT : '';
    throw new FusionizerError('task', `The build command '${mask(command)}' failed (${how}): ${lastWords(said)}${hint}`, { file: 'function.yaml' });
  } finally {
    progress.signal.removeEventListener('abort', kill);
  }
}

/** A Dockerfile has the same: build commands come before the Task's files are copied in. */
const NO_FILES_HINT =
  "\nBuild commands run in an empty folder, without the Task's files: name the packages in the command (pip install PACKAGE==VERSION, npm install PACKAGE@VERSION)";

/** The lines that name the error, else the last ones: what a person needs first. */
function lastWords(lines: readonly string[]): string {
  const errors = lines.filter((line) => /\berror\b/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-5).join('\n');
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function ignore(): void {
  // The maker of the environment reports its failure; others only wait for its end.
}
