import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Layout } from './layout.ts';

/** Options of pip, npm and others that the server's user may have set, and that lead out of the environment. */
const LEADS_OUT = new RegExp(
  `^(${[
    'PIP_(TARGET|PREFIX|ROOT|USER|PYTHON|SRC|BREAK_SYSTEM_PACKAGES)',
    'UV_(SYSTEM_PYTHON|TARGET|PREFIX|BREAK_SYSTEM_PACKAGES|TOOL_\\w+|PYTHON_INSTALL_\\w+)',
    'npm_config_(prefix|\\w+_prefix|userconfig|globalconfig|global|location|cache)',
    'XDG_(CACHE|CONFIG|DATA|STATE)_HOME',
    'CONDA_\\w+|PIPX_\\w+|GO(PATH|BIN|CACHE|MODCACHE|ENV|TMPDIR)|GEM_HOME|COREPACK_HOME|PYTHONHOME',
    'CARGO_(HOME|TARGET_DIR|INSTALL_ROOT)|CCACHE_DIR|SCCACHE_DIR|BUN_INSTALL|DENO_DIR|POETRY_\\w+_DIR',
  ].join('|')})$`,
  'i',
);

/**
 * Folders that build commands must not change: the user's HOME, the programs on PATH with what belongs to them, and
 * where the user's options for pip, npm and others lead.
 * @param python the interpreter that the environment was made with
 */
export function placesOutside(python: string | undefined): string[] {
  const { env } = process;
  const programs = [
    ...(env['PATH'] ?? '').split(path.delimiter),
    ...[process.execPath, python ?? ''].map(path.dirname),
  ];
  const options = Object.keys(env).filter((name) => LEADS_OUT.test(name));
  const named = [os.homedir(), ...options.map((name) => env[name] ?? '')];
  // `bin` is a part of a prefix, whose packages are beside it.
  return [...named, ...programs.map((dir) => (path.basename(dir) === 'bin' ? path.dirname(dir) : dir))].filter((dir) =>
    path.isAbsolute(dir),
  );
}

/** Tools that keep their programs in the user's HOME, and the variable that leads them there under another HOME. */
const TOOL_FOLDERS: readonly (readonly [variable: string, folder: string])[] = [
  ['PYENV_ROOT', '.pyenv'],
  ['NVM_DIR', '.nvm'],
  ['VOLTA_HOME', '.volta'],
  ['ASDF_DATA_DIR', '.asdf'],
  ['MISE_DATA_DIR', '.local/share/mise'],
  ['RUSTUP_HOME', '.rustup'],
];

/**
 * The variables of build commands: whatever installs packages is led into the environment, and HOME is a folder in it.
 * Undefined removes a variable of the server.
 * @param cache a folder for what package managers download; all environments share it
 */
export function buildVariables(layout: Layout, cache: string): NodeJS.ProcessEnv & { PATH: string } {
  const removed = Object.keys(process.env).filter((name) => LEADS_OUT.test(name));
  const home = os.homedir();
  const tools = TOOL_FOLDERS.filter(([name, dir]) => !process.env[name] && existsSync(path.join(home, dir)));
  return {
    ...Object.fromEntries(removed.map((name) => [name, undefined])),
    ...Object.fromEntries(tools.map(([name, dir]) => [name, path.join(home, dir)])),
    ...layout.variables,
    PATH: [layout.guard, layout.variables['PATH']].join(path.delimiter),
    HOME: layout.home,
    TMPDIR: layout.temporary,
    ...(process.platform === 'win32'
      ? { USERPROFILE: layout.home, TEMP: layout.temporary, TMP: layout.temporary }
      : {}),
    PYTHONUSERBASE: layout.user,
    PYTHONNOUSERSITE: '1',
    PIP_USER: '0',
    // The environment is a virtual one. Any other pip refuses to install.
    PIP_REQUIRE_VIRTUALENV: '1',
    PIP_CACHE_DIR: path.join(cache, 'pip'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PYTHONUNBUFFERED: '1',
    UV_CACHE_DIR: path.join(cache, 'uv'),
    ...(layout.python === undefined ? {} : { UV_PYTHON: layout.python, UV_PROJECT_ENVIRONMENT: layout.dir }),
    npm_config_userconfig: path.join(layout.home, '.npmrc'),
    npm_config_cache: path.join(cache, 'npm'),
    YARN_CACHE_FOLDER: path.join(cache, 'yarn'),
    PNPM_HOME: layout.bin,
    // No repository above belongs to the commands.
    GIT_CEILING_DIRECTORIES: layout.dir,
    GEM_HOME: path.join(layout.dir, 'gems'),
  };
}
