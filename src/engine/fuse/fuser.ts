import { createHash } from 'node:crypto';
import { constants, existsSync, statSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { FunctionPackage, SourceFolder, ValueFrom } from '../../platform/platform.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { packageRoot } from '../../shared/packageRoot.ts';
import type { Manifest } from '../../shared/wire.ts';
import type { Task } from '../../task/task.ts';
import type { FunctionConfig } from '../../task/yaml/functionYaml.ts';
import { NUCLIO_DEFAULTS } from '../../task/yaml/nuclioDefaults.ts';
import { maxBodyOf } from '../../task/yaml/quantity.ts';
import { mergeConfigs } from './merge.ts';

const ENTRY = {
  python: { file: 'fusionizer_entry.py', text: 'from fusionizer_dispatcher.entry import handler, init_context\n' },
  nodejs: {
    file: 'fusionizer_entry.js',
    text:
      'module.exports = require(process.env.FUSIONIZER_DISPATCHER || ' +
      "'./fusionizer_dispatcher').entry(__dirname);\n",
  },
};

/** How a function.yaml is written: all text in quotes, because Nuclio would read `on`, `017` and more otherwise. */
export const QUOTED = { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 } as const;

/** Nuclio names a Kubernetes service `nuclio-<name>`, which may have 63 characters: 7 fewer are left. */
const MAX_FUNCTION_NAME = 56;

/**
 * A function's platform name: its Tasks' names, a hash of the names and contents, and the build number. Long names are
 * cut; the hash keeps groups apart (`a`+`bc` is not `ab`+`c`).
 */
export function functionName(tasks: readonly Task[], build: number): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(tasks.map((task) => [task.name, task.hash])))
    .digest('hex')
    .slice(0, 8);
  const tail = `-${hash}-${build}`;
  const head = tasks
    .map((task) => task.name)
    .join('-')
    .slice(0, MAX_FUNCTION_NAME - tail.length)
    .replace(/-+$/, '');
  return head + tail;
}

/**
 * Makes a group's function package out of its Tasks' files: one build folder, described in docs/function-package.md.
 * The folder must not exist.
 * @param withDispatcher false where the platform brings the Dispatcher
 * @throws FusionizerError `setup` when the Tasks cannot be fused, `task` when the files of one are lost
 */
export async function fuse(
  tasks: readonly Task[],
  options: { dir: string; build: number; withDispatcher: boolean },
): Promise<{ functionPackage: FunctionPackage; warnings: string[] }> {
  for (const task of tasks) checkFiles(task);
  const { config, triggers, warnings } = mergeConfigs(tasks);
  const [first] = tasks;
  if (first === undefined) throw new Error('a Fusion Group has at least one Task');
  const runtime = {
    family: first.runtime.family,
    version: tasks.map((task) => task.runtime.version).find((version) => version !== undefined),
  };
  const name = functionName(tasks, options.build);
  const { dir } = options;
  const folders = sourceFolders(tasks);
  // A package that leaves this machine does not name its folders.
  const sources = new Map(options.withDispatcher ? [] : folders.map(({ built, source }) => [built, source]));
  await mkdir(path.join(dir, 'tasks'), { recursive: true });
  config.metadata = { ...config.metadata, name };
  const maxBody = maxBodyOf(Object.values(config.spec?.triggers ?? {}).find(({ kind }) => kind === 'http'));
  const manifest: Manifest = {
    version: 1,
    runtime: runtime.family,
    group: tasks.map((task) => task.name),
    ...(hasCors(config) ? { cors: true } : {}),
    ...(maxBody === NUCLIO_DEFAULTS.sizes.maxRequestBodySize ? {} : { maxBody }),
    tasks: tasks.map((task) => {
      const taskDir = `tasks/${task.name}`;
      const source = sources.get(taskDir);
      return {
        name: task.name,
        dir: taskDir,
        handler: task.handler,
        triggers: triggers.get(task.name) ?? {},
        ...(source === undefined ? {} : { source }),
      };
    }),
  };
  const entry = ENTRY[runtime.family];
  // Copies, not links: a handler that writes into its folder must not change the stored version.
  const copy = { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true };
  await Promise.all([
    writeFile(path.join(dir, 'function.yaml'), stringify(config, QUOTED)),
    writeFile(path.join(dir, 'fusionizer.json'), `${JSON.stringify(manifest, null, 2)}\n`),
    writeFile(path.join(dir, entry.file), entry.text),
    // A package.json above the build folder must not make its files ES modules.
    ...(runtime.family === 'nodejs'
      ? [writeFile(path.join(dir, 'package.json'), '{"private":true,"type":"commonjs"}\n')]
      : []),
    ...tasks.map((task) => cp(task.dir, path.join(dir, 'tasks', task.name), copy)),
    ...(options.withDispatcher
      ? [
          cp(
            path.join(packageRoot(), 'dispatcher', runtime.family, 'fusionizer_dispatcher'),
            path.join(dir, 'fusionizer_dispatcher'),
            copy,
          ),
        ]
      : []),
  ]);
  const functionPackage = {
    name,
    dir,
    group: manifest.group,
    runtime,
    config,
    builds: tasks.map((task) => ({
      built: `tasks/${task.name}`,
      commands: task.config.spec?.build?.commands ?? [],
    })),
    valuesFrom: valuesFrom(tasks),
    sourceFolders: folders,
  };
  return { functionPackage, warnings };
}

function hasCors({ spec }: FunctionConfig): boolean {
  return Object.values(spec?.triggers ?? {}).some(({ kind, attributes }) => {
    const cors = attributes?.['cors'];
    return kind === 'http' && typeof cors === 'object' && cors !== null && 'enabled' in cors && cors.enabled === true;
  });
}

/** Files may get lost while the server does not run: the Task then stays, without a function. */
function checkFiles({ name, dir }: Task): void {
  if (existsSync(dir)) return;
  throw new FusionizerError('task', `The files of Task '${name}' in ${dir} are lost: deploy it again`);
}

/**
 * The folders that a group's Tasks were deployed from, where they are on this machine: a client elsewhere names a
 * folder of its own machine.
 */
function sourceFolders(tasks: readonly Task[]): SourceFolder[] {
  return tasks.flatMap(({ name, source }) => {
    if (source === null || !path.isAbsolute(source) || !existsSync(source)) return [];
    // A Task that was deployed as a single file is in its folder under the same name.
    return [{ built: `tasks/${name}`, source: statSync(source).isDirectory() ? source : path.dirname(source) }];
  });
}

function valuesFrom(tasks: readonly Task[]): ValueFrom[] {
  const names = new Map<string, string[]>();
  for (const task of tasks) {
    for (const { name, valueFrom } of task.config.spec?.env ?? []) {
      if (valueFrom !== undefined) names.set(name, [...(names.get(name) ?? []), task.name]);
    }
  }
  return [...names].map(([variable, setters]) => ({ variable, tasks: setters }));
}
