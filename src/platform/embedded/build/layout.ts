import path from 'node:path';
import type { PythonInterpreter } from './interpreters.ts';

const windows = process.platform === 'win32';

/** Where the parts of an environment are. */
export interface Layout {
  readonly dir: string;
  /** The environment's interpreter; undefined for Node.js functions. */
  readonly python: string | undefined;
  /** Programs of packages. */
  readonly bin: string;
  /** Python packages: of the virtual environment, and of `pip install --user`. */
  readonly sitePackages: readonly string[];
  /** Folders of npm packages. */
  readonly nodeModules: readonly string[];
  /** Programs that stand before all others on the PATH of build commands (`guard.ts`); only while they run. */
  readonly guard: string;
  /** HOME of build commands. It stays if they put something there that Tasks may need. */
  readonly home: string;
  /** For temporary files of build commands; only while they run. */
  readonly temporary: string;
  /** PYTHONUSERBASE of build commands. */
  readonly user: string;
  /** What workers and build commands need to find all this. */
  readonly variables: Record<string, string>;
}

/** The folder in which the commands of the environment's n-th Task run. */
export const workFolder = (dir: string, index: number): string => path.join(dir, index === 0 ? 'work' : `work${index}`);

/** @param works how many Tasks' commands the environment has */
export function layoutOf(dir: string, python: PythonInterpreter | undefined, works: number): Layout {
  const bin = windows && python ? path.join(dir, 'Scripts') : path.join(dir, windows ? '' : 'bin');
  const user = path.join(dir, 'user');
  const folders = Array.from({ length: works }, (_, index) => workFolder(dir, index));
  const nodeModules = [
    ...folders.map((work) => path.join(work, 'node_modules')),
    windows ? path.join(dir, 'node_modules') : path.join(dir, 'lib', 'node_modules'),
  ];
  return {
    dir,
    python: python && path.join(bin, windows ? 'python.exe' : 'python'),
    bin,
    sitePackages: python === undefined ? [] : sitePackagesIn(dir, user, python.version),
    nodeModules,
    guard: path.join(dir, 'guard'),
    home: path.join(dir, 'home'),
    temporary: path.join(dir, 'tmp'),
    user,
    variables: {
      PATH: [
        bin,
        path.join(user, 'bin'),
        ...folders.map((work) => path.join(work, 'node_modules', '.bin')),
        process.env['PATH'],
      ].join(path.delimiter),
      NODE_PATH: nodeModules.join(path.delimiter),
      npm_config_prefix: dir,
      ...(python ? { VIRTUAL_ENV: dir } : {}),
    },
  };
}

function sitePackagesIn(dir: string, user: string, version: string): string[] {
  return windows
    ? [path.join(dir, 'Lib', 'site-packages'), path.join(user, `Python${version.replace('.', '')}`, 'site-packages')]
    : [dir, user].map((prefix) => path.join(prefix, 'lib', `python${version}`, 'site-packages'));
}
