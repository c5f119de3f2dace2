import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../../shared/packageRoot.ts';
import { placesOutside } from './buildVariables.ts';

/** In milliseconds. A machine that takes longer for it is not one to build on in this way. */
const PROBE_TIME = 10_000;
/** By its path, because a package may have put a program of this name on the commands' PATH. */
const UNSHARE = '/usr/bin/unshare';

/** Where a build command runs. */
export interface BuildPlace {
  /** The environment. */
  readonly dir: string;
  /** The folder in which the command runs. */
  readonly work: string;
  /** Its PATH. */
  readonly path: string;
  /** The interpreter that the environment was made with. */
  readonly python: string | undefined;
}

/**
 * Runs build commands in a mount namespace in which they can write to their environment and temporary files only, where
 * the machine can do that (`dispatcher/processes/confine.sh`). It takes about 15 ms for each command. Linux only, and
 * containers and hardened systems refuse it to ordinary users. Elsewhere the guard (`guard.ts`) is all there is.
 */
export class Confinement {
  readonly #environments: string;
  readonly #cache: string;
  readonly #allowSystem: boolean;
  #refusal: Promise<string | undefined> | undefined;

  /**
   * @param environments the folder of all environments, in the folder of the server's state
   * @param cache the folder for what package managers download
   * @param allowSystem commands may change the machine, so they are not confined
   */
  constructor(environments: string, cache: string, allowSystem: boolean) {
    this.#environments = environments;
    this.#cache = cache;
    this.#allowSystem = allowSystem;
  }

  /** Why commands are not confined; undefined if they are. The machine is asked once. */
  refusal(): Promise<string | undefined> {
    this.#refusal ??= this.#probe();
    return this.#refusal;
  }

  /** What runs a command, its last argument, in place of a shell. Empty where the machine refuses. */
  async wrapper(place: BuildPlace): Promise<string[]> {
    return (await this.refusal()) === undefined ? this.#wrapper(place, this.#cache) : [];
  }

  async #probe(): Promise<string | undefined> {
    if (this.#allowSystem) return '--allow-system-commands was given';
    if (process.platform !== 'linux') return 'only Linux can keep them from it';
    const dir = this.#environments;
    const place = { dir, work: dir, path: process.env['PATH'] ?? '', python: undefined };
    const [program = '', ...words] = await this.#wrapper(place, dir);
    const tried = await execa(program, [...words, 'true'], {
      reject: false,
      all: true,
      stdin: 'ignore',
      timeout: PROBE_TIME,
    });
    if (!tried.failed) return undefined;
    const [why = tried.shortMessage] = (tried.all ?? '').split('\n').filter((line) => line !== '');
    return `this machine refuses the mount namespace that would keep them from it (${why})`;
  }

  async #wrapper(place: BuildPlace, cache: string): Promise<string[]> {
    const [user = 0, group = 0] = [process.getuid?.(), process.getgid?.()];
    const script = path.join(packageRoot(), 'dispatcher', 'processes', 'confine.sh');
    const namespace = user === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
    const temporary = await existing(['/tmp', os.tmpdir()]);
    const kept = await existing([path.dirname(this.#environments), ...placesOutside(place.python)]);
    const within = kept.filter((folder) => temporary.some((one) => folder.startsWith(`${one}/`)));
    const own = await existing([cache, place.dir]);
    const folders = [
      ...temporary.map((folder) => `+${folder}`),
      ...within.map((folder) => `-${folder}`),
      ...own.map((folder) => `+${folder}`),
    ];
    return [
      ...[UNSHARE, ...namespace, '/bin/sh', script],
      ...[String(user), String(group), place.path, place.work],
      ...folders,
    ];
  }
}

/** The real paths of those that are there, the outer ones first, without those that are inside of another one. */
async function existing(folders: readonly string[]): Promise<string[]> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  const found = [...new Set(real)].filter((folder) => folder !== undefined).sort((a, b) => a.length - b.length);
  return found.filter((folder) => !found.some((outer) => folder.startsWith(`${outer}/`)));
}
