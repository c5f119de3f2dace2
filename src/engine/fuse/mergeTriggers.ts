import { isDeepStrictEqual } from 'node:util';
import { cannotFuse, FusionizerError } from '../../shared/errors.ts';
import type { Task } from '../../task/task.ts';
import type { Trigger } from '../../task/yaml/functionYaml.ts';
import { NUCLIO_DEFAULTS } from '../../task/yaml/nuclioDefaults.ts';
import { parseQuantity } from '../../task/yaml/quantity.ts';

/** Fields that belong to a Task's own address, which it does not have in a fused function: ports and ingresses. */
const ADDRESS_ATTRIBUTES = ['port', 'ingresses'];

/** A Task's trigger's name in its function. */
export function mergedKey(task: string, key: string): string {
  return `${task}-${key}`;
}

/** One HTTP trigger for all; other triggers keep working under names of their own. */
export function mergeTriggers(
  tasks: readonly Task[],
  warnings: string[],
): { merged: Record<string, Trigger>; own: Map<string, Record<string, string>> } {
  const merged: Record<string, Trigger> = {};
  const own = new Map<string, Record<string, string>>();
  const takenBy = new Map<string, Task>();
  let http: { key: string; trigger: Trigger; task: Task } | undefined;
  for (const task of tasks) {
    const mine: Record<string, string> = {};
    let ownHttp: string | undefined;
    for (const [key, trigger] of Object.entries(task.config.spec?.triggers ?? {})) {
      if (trigger.kind !== 'http') {
        const name = mergedKey(task.name, key);
        const namesake = takenBy.get(name);
        if (namesake) refuseNamesakes(namesake, task, name);
        takenBy.set(name, task);
        merged[name] = { ...trigger, ...(trigger.name === undefined ? {} : { name }) };
        mine[name] = key;
        continue;
      }
      if (ownHttp !== undefined)
        throw new FusionizerError(
          'task',
          `Task '${task.name}' has two http triggers, '${ownHttp}' and '${key}': Nuclio supports one`,
          { file: 'function.yaml', keys: ['spec', 'triggers', key] },
        );
      ownHttp = key;
      const cleaned = withoutAddress(trigger, task, tasks.length > 1, warnings);
      if (http === undefined) http = { key, trigger: cleaned, task };
      else {
        const [mineCors, theirCors] = [cleaned.attributes?.['cors'], http.trigger.attributes?.['cors']];
        if (!isDeepStrictEqual(mineCors, theirCors))
          cannotFuse(http.task, task, `their CORS settings disagree, and a function has one http trigger`);
        http.trigger = mergeHttp(http.trigger, cleaned);
      }
    }
    own.set(task.name, mine);
  }
  if (http !== undefined) {
    const corsless = tasks.find(
      (task) => !Object.values(task.config.spec?.triggers ?? {}).some((trigger) => trigger.kind === 'http'),
    );
    if (http.trigger.attributes?.['cors'] !== undefined && corsless)
      cannotFuse(http.task, corsless, `one has CORS settings, the other does not`);
    const namesake = takenBy.get(http.key);
    if (namesake) refuseNamesakes(http.task, namesake, http.key);
    raiseToDefaults(http.trigger, tasks);
    merged[http.key] = { ...http.trigger, ...(http.trigger.name === undefined ? {} : { name: http.key }) };
  }
  return { merged, own };
}

/** Task `a` with a trigger `b-c`, and Task `a-b` with a trigger `c`. */
function refuseNamesakes(one: Task, other: Task, name: string): never {
  if (one !== other)
    cannotFuse(one, other, `both have a trigger that is called '${name}' in their function: rename one of the two`);
  throw new FusionizerError(
    'task',
    `function.yaml: Task '${one.name}' has two triggers that are called '${name}' in its function: rename one of ` +
      'the two',
    {
      file: 'function.yaml',
    },
  );
}

function withoutAddress(trigger: Trigger, task: Task, fused: boolean, warnings: string[]): Trigger {
  const attributes = { ...trigger.attributes };
  for (const name of ADDRESS_ATTRIBUTES) {
    if (!(name in attributes) || !fused) continue;
    delete attributes[name];
    warnings.push(
      `The http trigger's ${name} of Task '${task.name}' is dropped: the Task shares a function with others`,
    );
  }
  return { ...trigger, attributes };
}

function mergeHttp(one: Trigger, other: Trigger): Trigger {
  const merged: Trigger = { ...other, ...one, attributes: { ...other.attributes, ...one.attributes } };
  for (const field of ['numWorkers', 'maxWorkers', 'workerAvailabilityTimeoutMilliseconds'] as const) {
    const values = [one[field], other[field]].filter((value) => typeof value === 'number');
    if (values.length > 0) merged[field] = Math.max(...values);
  }
  for (const name of Object.keys(NUCLIO_DEFAULTS.sizes)) {
    const [value, theirs] = [sizeOf(one, name), sizeOf(other, name)];
    if (value !== undefined && theirs !== undefined && merged.attributes)
      merged.attributes[name] = Math.max(value, theirs);
  }
  return merged;
}

function sizeOf(trigger: Trigger, name: string): number | undefined {
  const value = trigger.attributes?.[name];
  return typeof value === 'number' || typeof value === 'string' ? parseQuantity(value) : undefined;
}

/** A Task that does not set a limit has the default: the merged limit is at least that. */
function raiseToDefaults(merged: Trigger, tasks: readonly Task[]): void {
  const own = tasks.map((task) =>
    Object.values(task.config.spec?.triggers ?? {}).find((trigger) => trigger.kind === 'http'),
  );
  const wait = merged.workerAvailabilityTimeoutMilliseconds;
  if (
    typeof wait === 'number' &&
    own.some((trigger) => typeof trigger?.workerAvailabilityTimeoutMilliseconds !== 'number')
  ) {
    merged.workerAvailabilityTimeoutMilliseconds = Math.max(
      wait,
      NUCLIO_DEFAULTS.workerAvailabilityTimeoutMilliseconds,
    );
  }
  for (const [name, standard] of Object.entries(NUCLIO_DEFAULTS.sizes)) {
    const size = sizeOf(merged, name);
    if (size !== undefined && own.some((trigger) => trigger === undefined || sizeOf(trigger, name) === undefined)) {
      merged.attributes = { ...merged.attributes, [name]: Math.max(size, standard) };
    }
  }
}
