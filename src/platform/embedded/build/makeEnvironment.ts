import { constants } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { FusionizerError } from '../../../shared/errors.ts';
import { ifMissing } from '../../../shared/ifMissing.ts';
import { listFiles } from '../../../task/hash.ts';
import type { Reaper } from '../processes/reaper.ts';
import { type BuildPlan, fingerprint, HANDLER_DIR } from './buildPlan.ts';
import { buildVariables } from './buildVariables.ts';
import type { Confinement } from './confinement.ts';
import type { EnvironmentRecord } from './environmentStore.ts';
import { writeGuard } from './guard.ts';
import type { PythonInterpreter } from './interpreters.ts';
import { type Layout, layoutOf, workFolder } from './layout.ts';
import { isRealFolder, removeInside } from './removeInside.ts';
import { runBuildCommand } from './runBuildCommand.ts';
import type { BuildProgress } from './sharedWork.ts';

export interface BuildSettings {
  /** Ends what build commands leave running. */
  readonly reaper: Reaper;
  /** See EmbeddedTimes. */
  readonly pipeGrace: number;
  /** A folder for what package managers download. */
  readonly cache: string;
  readonly allowSystemCommands: boolean;
  readonly confinement: Confinement;
}

/**
 * Files of the user that say where packages come from, with accounts. Build commands get copies, which are removed
 * afterwards: what they change in them must not reach the user's own.
 */
const CONFIGURATION = [
  '.npmrc',
  '.yarnrc',
  '.netrc',
  '.gitconfig',
  '.config/git/config',
  '.pip/pip.conf',
  '.config/pip/pip.conf',
  'Library/Application Support/pip/pip.conf',
  '.tool-versions',
];
/** What package managers leave in HOME, and no Task needs. */
const LEFT_OVER = (
  '.bash_history .bash_profile .bashrc .cargo .conda .config .gem .gnupg .lesshst .node-gyp .node_repl_history .npm ' +
  '.pnpm-store .profile .python_history .rustup .ssh .wget-hsts .yarn .yarnrc .zshrc .cache/corepack .cache/node ' +
  '.cache/node-gyp .cache/pip .cache/pnpm .cache/uv .cache/yarn .local/share/pnpm .local/share/uv .local/state'
).split(' ');

/**
 * Makes an environment in its empty folder: runs the commands of each plan, in a folder with the files that it uses.
 * @throws FusionizerError `task` with the failing command and its output
 */
export async function makeEnvironment(
  dir: string,
  plans: readonly BuildPlan[],
  python: PythonInterpreter | undefined,
  settings: BuildSettings,
  progress: BuildProgress,
): Promise<Omit<EnvironmentRecord, 'bytes'>> {
  const layout = layoutOf(dir, python, plans.length);
  const part = settings.reaper.newPart();
  const made: string[][] = [];
  try {
    if (python) await makeVenv(layout, python, progress);
    await writeGuard(layout, python?.version, settings.allowSystemCommands);
    await copyConfiguration(layout.home);
    await Promise.all([layout.temporary, settings.cache].map((folder) => mkdir(folder, { recursive: true })));
    const refusal = await settings.confinement.refusal();
    if (refusal !== undefined) progress.output(`build commands: they can write to files of this machine: ${refusal}`);
    const variables = {
      ...buildVariables(layout, settings.cache),
      ...part.variables,
      // Where they are confined, the cache is another mount, and no hard link leads from one to another.
      ...(refusal === undefined ? { UV_LINK_MODE: 'copy' } : {}),
    };
    // All at once, and first: the deploy that brought the files may be cancelled while others wait for the result.
    for (const [index, plan] of plans.entries()) await copyFiles(plan, workFolder(dir, index));
    for (const [index, plan] of plans.entries()) {
      const work = workFolder(dir, index);
      const inputs = await fingerprints(work);
      for (const command of plan.commands) {
        const text = inWorkFolder(command, work);
        const wrapper = await settings.confinement.wrapper({
          dir,
          work,
          path: variables.PATH,
          python: python?.command,
        });
        await runBuildCommand({ command, text, cwd: work, variables, wrapper }, settings.pipeGrace, progress);
      }
      made.push(plan.files.length === 0 ? [] : await madeIn(work, inputs));
    }
  } finally {
    await part.end();
  }
  for (const folder of [layout.guard, layout.temporary]) await removeInside(dir, path.basename(folder));
  return { commands: plans.flatMap((plan) => plan.commands), made, home: await tidyHome(layout.home) };
}

const COPY = { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true };

/** Nuclio's folder of the Task's files is the one in which the command runs. */
function inWorkFolder(command: string, work: string): string {
  // The place in the text decides how a path has to be quoted. One without special characters fits everywhere.
  const target = /^[\w./@+-]+$/.test(work) ? work : '.';
  return command.replaceAll(new RegExp(`(?<![\\w.-])${HANDLER_DIR}(?![\\w.-])`, 'g'), target);
}

/**
 * Makes a virtual environment that sees the interpreter's own packages. It has no pip of its own, because copying one
 * takes seconds. The interpreter's pip installs into the environment when the environment's Python runs it.
 */
export async function makeVenv(layout: Layout, python: PythonInterpreter, progress: BuildProgress): Promise<void> {
  const made = await execa(python.command, ['-m', 'venv', '--without-pip', '--system-site-packages', layout.dir], {
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
  const [own = '', user = ''] = layout.sitePackages;
  // Python reads these files at its start, and leaves out folders that are not there. Build commands have
  // PYTHONNOUSERSITE, but the folder of `pip install --user` is in the environment, and its own Python may use it.
  const isOurs = `os.environ.get("PYTHONUSERBASE") == ${JSON.stringify(layout.user)}`;
  const userSite = `import os; globals().update(ENABLE_USER_SITE=True) if ${isOurs} else None\n`;
  await writeFile(path.join(own, '_fusionizer_user.pth'), `${user}\n${userSite}`);
  // For handlers that call pip. Build commands meet the guard first.
  const windows = process.platform === 'win32';
  for (const name of ['pip', 'pip3', `pip${python.version}`]) {
    const text = windows ? `@"${layout.python}" -m pip %*\r\n` : `#!/bin/sh\nexec "${layout.python}" -m pip "$@"\n`;
    await writeFile(path.join(layout.bin, windows ? `${name}.cmd` : name), text, { mode: 0o755 });
  }
  // An interpreter that is in a virtual environment itself has its packages there, which the new one would not see.
  if (python.sitePackages.length > 0)
    await writeFile(path.join(own, '_fusionizer_zz_interpreter.pth'), addSites(python.sitePackages));
}

/** Lines of a .pth file that add folders with the .pth files in them. */
export function addSites(folders: readonly string[]): string {
  return folders.map((folder) => `import site; site.addsitedir(${JSON.stringify(folder)})\n`).join('');
}

async function copyConfiguration(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  for (const name of CONFIGURATION) {
    const target = path.join(home, name);
    const content = await readFile(path.join(os.homedir(), name)).catch(ifMissing(undefined));
    if (content === undefined) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content, { mode: 0o600 });
  }
}

/** Removes from HOME what no Task needs. @returns whether anything is left, for which the folder stays */
async function tidyHome(home: string): Promise<boolean> {
  for (const name of [...CONFIGURATION, ...LEFT_OVER]) await removeInside(home, name);
  const left = (await isRealFolder(home)) && (await listFiles(home)).length > 0;
  // A link goes by itself.
  if (!left) await rm(home, { recursive: true, force: true });
  return left;
}

async function copyFiles({ source, files }: BuildPlan, work: string): Promise<void> {
  await mkdir(work, { recursive: true });
  for (const file of files) await cp(path.join(source, file), path.join(work, file), COPY);
}

/** Files below a folder, each with what tells whether it was changed. */
async function fingerprints(dir: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const file of await listFiles(dir)) found.set(file, await fingerprint(path.join(dir, file)));
  return found;
}

/**
 * What commands made or changed: paths relative to the folder, whole folders where possible.
 * @param inputs the files that were there before
 */
async function madeIn(work: string, inputs: ReadonlyMap<string, string>): Promise<string[]> {
  const known = new Set([...inputs.keys()].map((file) => file.split('/')[0]));
  const made: string[] = [];
  const addFrom = async (folder: string): Promise<void> => {
    for (const entry of await readdir(path.join(work, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (NOT_MADE.has(entry.name)) continue;
      if (folder === '' && !known.has(entry.name)) made.push(name);
      else if (entry.isDirectory()) await addFrom(name);
      else if (!entry.isFile() || inputs.get(name) !== (await fingerprint(path.join(work, name)))) made.push(name);
    }
  };
  await addFrom('');
  return made;
}

/** Packages are linked, and the others say nothing to a Task. */
const NOT_MADE = new Set(['node_modules', '__pycache__', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', '.git']);

/** Copies what commands made for a Task into its folder, over the Task's own files. */
export async function copyMade(made: readonly string[], work: string, folder: string): Promise<void> {
  for (const name of made) await cp(path.join(work, name), path.join(folder, name), COPY);
}
