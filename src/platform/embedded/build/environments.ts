import { createHash } from 'node:crypto';
import { access, chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { FusionizerError } from '../../../shared/errors.ts';
import type { Reaper } from '../processes/reaper.ts';
import { plainRequirements } from './commandList.ts';
import type { PythonInterpreter } from './interpreters.ts';
import { type BuildProgress, runBuildCommand } from './runBuildCommand.ts';

/** Where a function's build commands installed to, as its workers need it. */
export interface Environment {
  /** The environment's interpreter; undefined when there is no environment. */
  python: string | undefined;
  variables: Record<string, string>;
  /** Folders of npm packages. */
  nodeModules: string[];
}

const NOTHING: Environment = { python: undefined, variables: {}, nodeModules: [] };
const windows = process.platform === 'win32';

/** The file in an environment's folder that says that every build command succeeded. */
const COMPLETE = 'complete.json';

/** Asks the interpreter whether it satisfies requirements. Any unexpected answer means no, and they are installed. */
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

/**
 * Environments that build commands make, in the state folder. There is one for each list of commands and interpreter,
 * and it is made once.
 */
export class Environments {
  readonly #dir: string;
  readonly #reaper: Reaper;
  readonly #pipeGrace: number;
  readonly #making = new Map<string, Promise<void>>();

  /**
   * @param reaper ends what build commands leave running
   * @param pipeGrace see EmbeddedTimes
   */
  constructor(dir: string, reaper: Reaper, pipeGrace: number) {
    this.#pipeGrace = pipeGrace;
    this.#dir = dir;
    this.#reaper = reaper;
  }

  /**
   * Removes the environments that an earlier run did not complete.
   * @returns the names of their folders
   */
  async recover(): Promise<string[]> {
    const removed: string[] = [];
    for (const key of await readdir(this.#dir)) {
      if (await exists(path.join(this.#dir, key, COMPLETE))) continue;
      await rm(path.join(this.#dir, key), { recursive: true, force: true });
      removed.push(key);
    }
    return removed;
  }

  /**
   * @param python undefined for Node.js functions
   * @throws FusionizerError `task` with the failing command and its output
   */
  async prepare(
    commands: readonly string[],
    python: PythonInterpreter | undefined,
    progress: BuildProgress,
  ): Promise<Environment> {
    if (commands.length === 0) return NOTHING;
    const requirements = python && plainRequirements(commands);
    if (python && requirements) {
      const asked = await execa(python.command, ['-c', SATISFIED_SCRIPT, ...requirements], {
        reject: false,
        stdin: 'ignore',
        cancelSignal: progress.signal,
      });
      progress.signal.throwIfAborted();
      if (asked.exitCode === 0) {
        progress.output(`${requirements.join(', ')}: already installed for ${python.command}`);
        return NOTHING;
      }
    }
    const interpreter = python ? `${python.command} ${python.version}` : process.version;
    const key = createHash('sha256')
      .update(JSON.stringify([commands, interpreter]))
      .digest('hex')
      .slice(0, 24);
    const dir = path.join(this.#dir, key);
    // Another deploy may be making the same environment. If that one is cancelled, it is our turn.
    for (let other = this.#making.get(key); other; other = this.#making.get(key)) await other;
    if (!(await exists(path.join(dir, COMPLETE)))) {
      const making = this.#make(dir, commands, python, progress);
      const ended = making.then(ignore, ignore);
      this.#making.set(key, ended);
      await making.finally(() => this.#making.delete(key));
    } else progress.output('build commands: unchanged, using the cached environment');
    return environmentIn(dir, python);
  }

  async #make(
    dir: string,
    commands: readonly string[],
    python: PythonInterpreter | undefined,
    progress: BuildProgress,
  ): Promise<void> {
    await rm(dir, { recursive: true, force: true });
    const work = path.join(dir, 'work');
    await mkdir(work, { recursive: true });
    const part = this.#reaper.newPart();
    try {
      if (python) await makeVenv(dir, python, progress);
      const { variables } = environmentIn(dir, python);
      for (const command of commands)
        await runBuildCommand(command, work, { ...variables, ...part.variables }, this.#pipeGrace, progress);
      await writeFile(path.join(dir, COMPLETE), JSON.stringify({ commands, at: new Date().toISOString() }));
    } catch (error) {
      await part.end();
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
    await part.end();
  }
}

function environmentIn(dir: string, python: PythonInterpreter | undefined): Environment {
  const bin = windows && python ? path.join(dir, 'Scripts') : path.join(dir, windows ? '' : 'bin');
  const modules = [
    path.join(dir, 'work', 'node_modules'),
    windows ? path.join(dir, 'node_modules') : path.join(dir, 'lib', 'node_modules'),
  ];
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
 * Makes a virtual environment that sees the interpreter's own packages. It has no pip of its own, because copying one
 * takes seconds. The interpreter's pip installs into the environment when the environment's Python runs it.
 */
async function makeVenv(dir: string, python: PythonInterpreter, progress: BuildProgress): Promise<void> {
  const made = await execa(python.command, ['-m', 'venv', '--without-pip', '--system-site-packages', dir], {
    reject: false,
    all: true,
    stdin: 'ignore',
    cancelSignal: progress.signal,
  });
  progress.signal.throwIfAborted();
  if (made.failed)
    throw new FusionizerError(
      'platform',
      `${python.command} could not make a virtual environment for build commands: ${progress.mask(made.all)}`,
    );
  const { python: own = '' } = environmentIn(dir, python);
  for (const name of ['pip', 'pip3']) {
    const file = path.join(path.dirname(own), windows ? `${name}.cmd` : name);
    await writeFile(file, windows ? `@"${own}" -m pip %*\r\n` : `#!/bin/sh\nexec "${own}" -m pip "$@"\n`);
    await chmod(file, 0o755);
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function ignore(): void {
  // The deploy that makes the environment reports the failure. Others only wait for its end.
}
