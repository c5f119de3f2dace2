import { access } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { FusionizerError, messageOf } from '../../../shared/errors.ts';
import { packageRoot } from '../../../shared/packageRoot.ts';

export interface PythonInterpreter {
  command: string;
  /** `3.11` */
  version: string;
  /** The folders of its packages, if it is in a virtual environment itself: another one would not see them. */
  sitePackages: readonly string[];
}

/** Finds the Python interpreters that workers run in, and asks each for its version once. */
export class Interpreters {
  readonly #preferred: string | undefined;
  readonly #probes = new Map<string, Promise<PythonInterpreter | undefined>>();

  /** @param preferred from `--python` or the setting; default python3 */
  constructor(preferred: string | undefined) {
    this.#preferred = preferred;
  }

  /**
   * The interpreter for `python` (no version) or `python:3.x`. If that version is not installed, it is the default one,
   * with a warning.
   * @throws FusionizerError `platform` with what is missing
   */
  async python(version: string | undefined, warn: (message: string) => void): Promise<PythonInterpreter> {
    const preferred = await this.#default();
    if (version !== undefined && preferred?.version !== version) {
      const exact = await this.#probe(`python${version}`);
      if (exact?.version === version) return exact;
      if (preferred)
        warn(`The runtime python:${version} is not installed here: the Task runs with Python ${preferred.version}`);
    }
    if (preferred === undefined) {
      const tried = this.#preferred === undefined ? 'python3 and python' : this.#preferred;
      throw new FusionizerError(
        'platform',
        `Python Tasks need Python 3.9 or newer, and none was found (tried ${tried}). Install it, or ` +
          'set its path with --python, or in VS Code with fusionizer.python.path. Node.js Tasks work without it',
      );
    }
    await requireSdk();
    return preferred;
  }

  async #default(): Promise<PythonInterpreter | undefined> {
    if (this.#preferred !== undefined) return this.#probe(this.#preferred);
    return (await this.#probe('python3')) ?? (await this.#probe('python'));
  }

  #probe(command: string): Promise<PythonInterpreter | undefined> {
    let probe = this.#probes.get(command);
    if (probe === undefined) {
      probe = ask(command).then((found) => {
        // An interpreter that is missing now may be installed later.
        if (found === undefined) this.#probes.delete(command);
        return found;
      });
      this.#probes.set(command, probe);
    }
    return probe;
  }
}

/**
 * Checks the interpreter that an option names.
 * @throws FusionizerError `option` for a program that is not there or is not Python 3.9 or newer
 */
export async function checkPython(command: string): Promise<void> {
  if ((await ask(command)) === undefined)
    throw new FusionizerError(
      'option',
      `--python ${command} is not Python 3.9 or newer, or cannot be run. Name another interpreter, ` +
        'or leave the option out for python3',
    );
}

async function ask(command: string): Promise<PythonInterpreter | undefined> {
  const script =
    'import sys, sysconfig; print("%d.%d" % sys.version_info[:2]); print(sys.executable)\n' +
    'paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}\n' +
    'if sys.prefix != sys.base_prefix: print(*paths, sep="\\n")';
  const answer = await execa(command, ['-c', script], { reject: false, stdin: 'ignore', timeout: 10_000 });
  const [version = '', executable = '', ...sites] = (answer.stdout ?? '').split(/\r?\n/);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (answer.failed || major !== 3 || minor < 9) return undefined;
  const sitePackages = sites.filter((site) => site !== '');
  return { command: executable === '' ? command : executable, version, sitePackages };
}

/** `npm run build` installs nuclio-sdk into the package, unless it finds no Python or no pip. */
async function requireSdk(): Promise<void> {
  const vendor = path.join(packageRoot(), 'dispatcher', 'python', 'vendor', 'nuclio_sdk');
  try {
    await access(vendor);
  } catch (cause) {
    throw new FusionizerError(
      'platform',
      `Python Tasks need nuclio-sdk, which the build could not install. Run 'npm run build' where ` +
        `Python 3 and pip are installed (${messageOf(cause)})`,
      { cause },
    );
  }
}
