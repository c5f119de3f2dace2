import { createHash } from 'node:crypto';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { ifMissing } from '../../../shared/ifMissing.ts';
import type { TaskBuild } from '../../platform.ts';
import { type BuildPlan, fingerprint, planBuild } from './buildPlan.ts';
import { plainRequirements } from './commandList.ts';
import { EnvironmentStore, type Lease, type MakeEnvironment } from './environmentStore.ts';
import { checkFit, type Wanted } from './fitTogether.ts';
import type { PythonInterpreter } from './interpreters.ts';
import { type Layout, layoutOf, workFolder } from './layout.ts';
import { addSites, type BuildSettings, copyMade, makeEnvironment, makeVenv } from './makeEnvironment.ts';
import { linkPackages } from './nodeModules.ts';
import type { BuildProgress } from './sharedWork.ts';

/** Where a function's build commands installed to, as its workers need it. */
export interface Environment {
  /** The environment's interpreter; undefined when there is no environment. */
  readonly python: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** The function no longer uses it. */
  release(): void;
}

/** Changes with what this version makes differently of the same commands: older environments are then not used. */
const FORMAT = 2;

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

/** A Task's commands, and what they install. */
interface Layer {
  /** `tasks/<name>` */
  readonly built: string;
  readonly plan: BuildPlan;
  readonly lease: Lease;
  readonly layout: Layout;
}

/**
 * Environments that build commands make, in the state folder. There is one for each list of commands, with the files
 * that these use, and interpreter. It is made once, and all functions share it. A function of several Tasks has the
 * environments of all of them, as layers.
 */
export class Environments {
  readonly store: EnvironmentStore;
  readonly #settings: BuildSettings;

  constructor(dir: string, settings: BuildSettings) {
    this.store = new EnvironmentStore(dir);
    this.#settings = settings;
  }

  /**
   * Runs the build commands of a package's Tasks, or takes what they made before. Puts what belongs to a Task into its
   * folder: links to npm packages, and files that commands made.
   * @param dir the package's folder
   * @param python undefined for Node.js functions
   * @throws FusionizerError `task` with the failing command and its output
   */
  async prepare(
    dir: string,
    builds: readonly TaskBuild[],
    python: PythonInterpreter | undefined,
    progress: BuildProgress,
  ): Promise<Environment> {
    const leases: Lease[] = [];
    const release = (): void => {
      for (const lease of leases) lease.release();
    };
    try {
      const layers: Layer[] = [];
      const wanted: Wanted[] = [];
      for (const build of builds) {
        const folder = path.join(dir, build.built);
        const plan = await planBuild(build.commands, folder);
        if (plan === undefined) continue;
        if (python && (await isSatisfied(plan, python, progress))) {
          wanted.push({ task: build.built, requirements: plan.requirements, python: python.command });
          continue;
        }
        const lease = await this.#take([plan], python, progress);
        leases.push(lease);
        layers.push({ built: build.built, plan, lease, layout: layoutOf(lease.dir, python, 1) });
      }
      const distinct = layers.filter(
        ({ lease }, index) => layers.findIndex((o) => o.lease.key === lease.key) === index,
      );
      let joined: Layout | undefined;
      if (python && distinct.length > 1) {
        const lease = await this.#join(distinct, python, progress);
        leases.push(lease);
        joined = layoutOf(lease.dir, python, 1);
      }
      const found = (joined ?? distinct[0]?.layout)?.python;
      // Layers that do not contradict each other, and nothing besides, have been checked.
      if (found !== undefined && (wanted.length > 0 || leases.at(-1)?.record.made[1] !== undefined)) {
        for (const { built: task, plan, layout } of layers)
          wanted.push({ task, requirements: plan.requirements, python: layout.python ?? found });
        await checkFit(found, wanted, progress);
      }
      for (const { plan, lease, layout } of layers) {
        if (python === undefined) await linkPackages(plan.source, layout.nodeModules);
        await copyMade(lease.record.made[0] ?? [], workFolder(lease.dir, 0), plan.source);
      }
      return { ...environmentOf(distinct, joined, progress), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Makes or takes the environment of one plan, or of several that have to be installed together. */
  async #take(
    plans: readonly BuildPlan[],
    python: PythonInterpreter | undefined,
    progress: BuildProgress,
  ): Promise<Lease> {
    const files: (readonly [file: string, content: string])[] = [];
    for (const { source, files: used } of plans)
      for (const file of used) files.push([file, await fingerprint(path.join(source, file))]);
    const commands = plans.map((plan) => plan.commands);
    const make: MakeEnvironment = (dir, shared) => makeEnvironment(dir, plans, python, this.#settings, shared);
    const key = keyOf([commands, interpreterOf(python), files]);
    const lease = await this.store.use(key, make, (dir) => hasPython(dir, python), progress);
    if (lease.cached) progress.output('build commands: unchanged, using the cached environment');
    return lease;
  }

  /**
   * One interpreter that finds the packages of several layers. Nothing is installed, unless two layers have different
   * versions of one package: then all commands run in one environment, in the order of the Tasks.
   */
  async #join(layers: readonly Layer[], python: PythonInterpreter, progress: BuildProgress): Promise<Lease> {
    const sites = layers.flatMap(({ layout }) => layout.sitePackages);
    const conflict = await conflictIn(sites);
    if (conflict !== undefined) {
      progress.output(`build commands: run together, because their versions of ${conflict} differ`);
      const plans = layers.map(({ plan }) => plan);
      return this.#take(plans, python, progress);
    }
    const make: MakeEnvironment = async (dir, shared) => {
      const layout = layoutOf(dir, python, 1);
      await makeVenv(layout, python, shared);
      const [own = ''] = layout.sitePackages;
      await mkdir(path.join(dir, 'work'));
      await writeFile(path.join(own, '_fusionizer_layers.pth'), addSites(sites));
      return { commands: layers.flatMap(({ plan }) => plan.commands), made: [], home: false };
    };
    const key = keyOf(['layers', layers.map(({ lease }) => lease.key), interpreterOf(python)]);
    return this.store.use(key, make, (dir) => hasPython(dir, python), progress);
  }
}

/** @param joined of a function whose Tasks have several environments in Python */
function environmentOf(
  layers: readonly Layer[],
  joined: Layout | undefined,
  progress: BuildProgress,
): Omit<Environment, 'release'> {
  const layouts = [...(joined ? [joined] : []), ...layers.map(({ layout }) => layout)];
  const [first] = layouts;
  if (first === undefined) return { python: undefined, variables: {} };
  const own = process.env['PATH'] ?? '';
  const folders = layouts.flatMap(({ variables }) =>
    (variables['PATH'] ?? '').slice(0, -own.length - 1).split(path.delimiter),
  );
  const home = layers.find(({ lease }) => lease.record.home)?.layout.home;
  if (home !== undefined) progress.output(`build commands: they left files in HOME, so HOME of the workers is ${home}`);
  return {
    python: first.python,
    variables: {
      ...first.variables,
      PATH: [...folders, own].join(path.delimiter),
      NODE_PATH: layouts.flatMap(({ nodeModules }) => nodeModules).join(path.delimiter),
      ...(home === undefined ? {} : { HOME: home, ...(process.platform === 'win32' ? { USERPROFILE: home } : {}) }),
    },
  };
}

async function isSatisfied(plan: BuildPlan, python: PythonInterpreter, progress: BuildProgress): Promise<boolean> {
  const requirements = plainRequirements(plan.commands);
  if (requirements === undefined) return false;
  const asked = await execa(python.command, ['-c', SATISFIED_SCRIPT, ...requirements], {
    reject: false,
    stdin: 'ignore',
    cancelSignal: progress.signal,
  });
  progress.signal.throwIfAborted();
  if (asked.exitCode !== 0) return false;
  progress.output(`${requirements.join(', ')}: already installed for ${python.command}`);
  return true;
}

const interpreterOf = (python: PythonInterpreter | undefined): string =>
  python ? `${python.command} ${python.version}` : process.version;

const keyOf = (parts: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify([FORMAT, ...parts]))
    .digest('hex')
    .slice(0, 24);

/** A virtual environment is a link to its interpreter, which may have been removed since. */
async function hasPython(dir: string, python: PythonInterpreter | undefined): Promise<boolean> {
  if (python === undefined) return true;
  return access(layoutOf(dir, python, 1).python ?? '').then(
    () => true,
    () => false,
  );
}

/** A distribution that two of these folders have in different versions. */
async function conflictIn(sites: readonly string[]): Promise<string | undefined> {
  const versions = new Map<string, string>();
  for (const site of sites) {
    for (const entry of await readdir(site).catch(ifMissing([] as string[]))) {
      const [, name, version] = /^(.+?)-([^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info$/.exec(entry) ?? [];
      if (name === undefined || version === undefined) continue;
      const normal = name.toLowerCase().replaceAll(/[-_.]+/g, '-');
      if ((versions.get(normal) ?? version) !== version) return name;
      versions.set(normal, version);
    }
  }
  return undefined;
}
