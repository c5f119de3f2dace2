import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { FunctionPackage } from '../platform/platform.ts';
import type { Manifest } from '../shared/wire.ts';
import { mergeConfigs } from './merge.ts';
import { packageRoot } from './packageRoot.ts';
import { sourceFolders, sourcePaths } from './sourcePaths.ts';
import type { Task } from './task.ts';

const ENTRY = {
  python: { file: 'fusionizer_entry.py', text: 'from fusionizer_dispatcher.entry import handler, init_context\n' },
  nodejs: {
    file: 'fusionizer_entry.js',
    text: "module.exports = require(process.env.FUSIONIZER_DISPATCHER || './fusionizer_dispatcher').entry(__dirname);\n",
  },
};

/** Nuclio puts `nuclio-` before it and names a Kubernetes service so: 63 - 7 characters. */
const MAX_FUNCTION_NAME = 56;

/**
 * A function's platform name: its Tasks' names, a hash of names and versions' contents, the build number. Long groups are cut; the hash keeps
 * them apart (`a`+`bc` is not `ab`+`c`).
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
 * Makes a group's function package out of its Tasks' files: one build folder as docs/dispatcher.md describes it. The folder must not exist.
 * @param withDispatcher false where the platform brings the Dispatcher
 * @throws FusionizerError `setup` when the Tasks cannot be fused
 */
export async function fuse(
  tasks: readonly Task[],
  options: { dir: string; build: number; withDispatcher: boolean },
): Promise<{ functionPackage: FunctionPackage; warnings: string[] }> {
  const { config, triggers, warnings } = mergeConfigs(tasks);
  const [first] = tasks;
  if (first === undefined) throw new Error('a Fusion Group has at least one Task');
  const runtime = { family: first.runtime.family, version: tasks.map((task) => task.runtime.version).find((version) => version !== undefined) };
  const name = functionName(tasks, options.build);
  const { dir } = options;
  await mkdir(path.join(dir, 'tasks'), { recursive: true });
  config.metadata = { ...config.metadata, name };
  const manifest: Manifest = {
    version: 1,
    runtime: runtime.family,
    group: tasks.map((task) => task.name),
    tasks: tasks.map((task) => ({ name: task.name, dir: `tasks/${task.name}`, handler: task.handler, triggers: triggers.get(task.name) ?? {} })),
  };
  const entry = ENTRY[runtime.family];
  // Copies, not links: a handler that writes into its folder must not change the stored version.
  const copy = { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true };
  await Promise.all([
    writeFile(path.join(dir, 'function.yaml'), stringify(config)),
    writeFile(path.join(dir, 'fusionizer.json'), `${JSON.stringify(manifest, null, 2)}\n`),
    writeFile(path.join(dir, entry.file), entry.text),
    // A package.json above the build folder must not make its files ES modules.
    ...(runtime.family === 'nodejs' ? [writeFile(path.join(dir, 'package.json'), '{"private":true,"type":"commonjs"}\n')] : []),
    ...tasks.map((task) => cp(task.dir, path.join(dir, 'tasks', task.name), copy)),
    ...(options.withDispatcher
      ? [cp(path.join(packageRoot(), 'dispatcher', runtime.family, 'fusionizer_dispatcher'), path.join(dir, 'fusionizer_dispatcher'), copy)]
      : []),
  ]);
  const functionPackage = {
    name,
    dir,
    group: manifest.group,
    runtime,
    config,
    valuesFrom: valuesFrom(tasks),
    sourcePaths: sourcePaths(sourceFolders(dir, tasks)),
  };
  return { functionPackage, warnings };
}

function valuesFrom(tasks: readonly Task[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const task of tasks) {
    for (const { name, valueFrom } of task.config.spec?.env ?? []) {
      if (valueFrom !== undefined) names.set(name, [...(names.get(name) ?? []), task.name]);
    }
  }
  return names;
}
