import { isDeepStrictEqual } from 'node:util';
import { FusionizerError } from './errors.ts';
import { type EnvVariable, type FunctionConfig, type FunctionSpec, parseGoDuration, type Trigger } from './functionYaml.ts';
import { parseQuantity, sumQuantities } from './quantity.ts';
import type { Task } from './task.ts';

export interface MergedConfig {
  config: FunctionConfig & { spec: FunctionSpec };
  /** Per Task: merged trigger name -> the Task's own. */
  triggers: Map<string, Record<string, string>>;
  warnings: string[];
}

const refuse = (message: string): never => {
  throw new FusionizerError('setup', message);
};
const names = (...tasks: Task[]): string => tasks.map((task) => `'${task.name}'`).join(' and ');

/**
 * Merges the function.yaml of a group's Tasks (design: The function package): build commands in order without repeats; env, labels and
 * annotations united; memory summed; cpu, workers, replicas, body size and time-outs the largest; unknown fields carried along, the first
 * Task's winning.
 * @throws FusionizerError `setup` that names the Tasks that cannot be fused, and why
 */
export function mergeConfigs(tasks: readonly Task[]): MergedConfig {
  const warnings: string[] = [];
  checkRuntimes(tasks);
  checkPins(tasks);
  const named = tasks.find((task) => task.runtime.version !== undefined) ?? tasks[0];
  const specs = tasks.map((task) => task.config.spec ?? {});
  const triggers = mergeTriggers(tasks, warnings);
  const commands = [...new Set(specs.flatMap((spec) => spec.build?.commands ?? []))];
  const spec: FunctionSpec = {
    ...carried(specs),
    runtime: named?.runtimeName,
    handler: 'fusionizer_entry:handler',
    env: mergeEnv(tasks),
    build: { ...carried(specs.map((one) => one.build ?? {})), commands },
    triggers: triggers.merged,
    resources: mergeResources(specs),
    ...largest(specs, ['minReplicas', 'maxReplicas', 'replicas', 'readinessTimeoutSeconds']),
  };
  const timeouts = specs.map((one) => one.eventTimeout).filter((text) => text !== undefined);
  for (const [index, text] of timeouts.entries()) {
    if (parseGoDuration(text) === undefined) refuse(`spec.eventTimeout '${text}' of Task '${tasks[index]?.name}' is not a duration such as 30s or 1m30s`);
  }
  if (timeouts.length > 0) spec.eventTimeout = timeouts.reduce((a, b) => ((parseGoDuration(a) ?? 0) >= (parseGoDuration(b) ?? 0) ? a : b));
  const labels = uniteMaps(tasks, 'label', (task) => task.config.metadata?.labels);
  const annotations = uniteMaps(tasks, 'annotation', (task) => task.config.metadata?.annotations);
  const config = {
    ...carried(tasks.map((task) => task.config)),
    metadata: { ...carried(tasks.map((task) => task.config.metadata ?? {})), labels, annotations },
    spec,
  };
  return { config, triggers: triggers.own, warnings };
}

/** Fields of all, an earlier Task's before a later one's. */
function carried<T extends object>(parts: readonly T[]): T {
  return Object.assign({}, ...[...parts].reverse());
}

function largest(
  specs: readonly FunctionSpec[],
  fields: readonly ('minReplicas' | 'maxReplicas' | 'replicas' | 'readinessTimeoutSeconds')[],
): Partial<FunctionSpec> {
  const result: Partial<FunctionSpec> = {};
  for (const field of fields) {
    const values = specs.map((spec) => spec[field]).filter((value) => value !== undefined);
    if (values.length > 0) result[field] = Math.max(...values);
  }
  return result;
}

function checkRuntimes(tasks: readonly Task[]): void {
  const [first, ...rest] = tasks;
  for (const other of rest) {
    if (first && other.runtime.family !== first.runtime.family) {
      refuse(`Tasks ${names(first, other)} cannot be fused: one is ${first.runtimeName}, the other ${other.runtimeName}`);
    }
  }
  const [one, another] = tasks.filter(
    (task, index) => task.runtime.version !== undefined && tasks.findIndex((other) => other.runtime.version === task.runtime.version) === index,
  );
  if (one && another) refuse(`Tasks ${names(one, another)} cannot be fused: they name different versions, ${one.runtimeName} and ${another.runtimeName}`);
}

/** `pip install x==1` and `pip install x==2` would leave one of the two Tasks with the wrong version. The same for npm's `x@1`. */
function checkPins(tasks: readonly Task[]): void {
  const pins = new Map<string, { version: string; task: Task }>();
  for (const task of tasks) {
    for (const command of task.config.spec?.build?.commands ?? []) {
      const npm = /\bnpm\s+(i|install|add)\b/.test(command);
      if (!npm && !/\bpip[0-9.]*\s+install\b/.test(command)) continue;
      for (const word of command.split(/\s+/).map((part) => part.replace(/^['"]|['"]$/g, ''))) {
        const pin = npm ? /^((?:@[\w.-]+\/)?[\w.-]+)@(.+)$/.exec(word) : /^([\w.-]+)(?:\[[^\]]*\])?==(.+)$/.exec(word);
        const [, name, version] = pin ?? [];
        if (name === undefined || version === undefined) continue;
        const key = `${npm ? 'npm' : 'pip'} ${npm ? name : name.toLowerCase().replace(/[-_.]+/g, '-')}`;
        const known = pins.get(key);
        if (known && known.version !== version && known.task !== task) {
          refuse(`Tasks ${names(known.task, task)} cannot be fused: their build commands pin ${name} to ${known.version} and ${version}`);
        }
        pins.set(key, { version, task });
      }
    }
  }
}

function mergeEnv(tasks: readonly Task[]): EnvVariable[] {
  const variables = new Map<string, { variable: EnvVariable; task: Task }>();
  for (const task of tasks) {
    for (const variable of task.config.spec?.env ?? []) {
      const known = variables.get(variable.name);
      if (known && known.task !== task && !isDeepStrictEqual(known.variable, variable)) {
        refuse(
          `Tasks ${names(known.task, task)} cannot be fused: they set the environment variable ${variable.name} to different values, and a function has one environment`,
        );
      }
      variables.set(variable.name, { variable, task });
    }
  }
  return [...variables.values()].map(({ variable }) => variable);
}

function uniteMaps(tasks: readonly Task[], what: string, of: (task: Task) => Record<string, string> | undefined): Record<string, string> {
  const values = new Map<string, { value: string; task: Task }>();
  for (const task of tasks) {
    for (const [key, value] of Object.entries(of(task) ?? {})) {
      const known = values.get(key);
      if (known && known.value !== value)
        refuse(`Tasks ${names(known.task, task)} cannot be fused: their ${what} ${key} disagrees ('${known.value}' and '${value}')`);
      values.set(key, { value, task });
    }
  }
  return Object.fromEntries([...values].map(([key, { value }]) => [key, value]));
}

function mergeResources(specs: readonly FunctionSpec[]): NonNullable<FunctionSpec['resources']> {
  const merged: Record<string, Record<string, string | number>> = {};
  for (const part of ['limits', 'requests'] as const) {
    for (const spec of specs) {
      for (const [name, value] of Object.entries(spec.resources?.[part] ?? {})) {
        merged[part] ??= {};
        const into = merged[part];
        const known = into[name];
        if (known === undefined) into[name] = value;
        else if (name === 'memory') into[name] = sumQuantities(known, value);
        else if (parseQuantity(value) > parseQuantity(known)) into[name] = value;
      }
    }
  }
  return merged;
}

/** Fields that hold for one address only, which a fused function has not: ports and ingresses of a Task. */
const ADDRESS_ATTRIBUTES = ['port', 'ingresses'];

function mergeTriggers(tasks: readonly Task[], warnings: string[]): { merged: Record<string, Trigger>; own: Map<string, Record<string, string>> } {
  const merged: Record<string, Trigger> = {};
  const own = new Map<string, Record<string, string>>();
  let http: { key: string; trigger: Trigger; task: Task } | undefined;
  for (const task of tasks) {
    const mine: Record<string, string> = {};
    let ownHttp: string | undefined;
    for (const [key, trigger] of Object.entries(task.config.spec?.triggers ?? {})) {
      if (trigger.kind !== 'http') {
        const name = `${task.name}-${key}`;
        merged[name] = { ...trigger, ...(trigger.name === undefined ? {} : { name }) };
        mine[name] = key;
        continue;
      }
      if (ownHttp !== undefined) throw new FusionizerError('task', `Task '${task.name}' has two http triggers, '${ownHttp}' and '${key}': Nuclio supports one`);
      ownHttp = key;
      const cleaned = withoutAddress(trigger, task, tasks.length > 1, warnings);
      if (http === undefined) http = { key, trigger: cleaned, task };
      else {
        const [mineCors, theirCors] = [cleaned.attributes?.['cors'], http.trigger.attributes?.['cors']];
        if (!isDeepStrictEqual(mineCors, theirCors))
          refuse(`Tasks ${names(http.task, task)} cannot be fused: their CORS settings disagree, and a function has one http trigger`);
        http.trigger = mergeHttp(http.trigger, cleaned);
      }
    }
    own.set(task.name, mine);
  }
  if (http !== undefined) {
    const corsless = tasks.find((task) => !Object.values(task.config.spec?.triggers ?? {}).some((trigger) => trigger.kind === 'http'));
    if (http.trigger.attributes?.['cors'] !== undefined && corsless)
      refuse(`Tasks ${names(http.task, corsless)} cannot be fused: one has CORS settings, the other none`);
    merged[http.key] = { ...http.trigger, ...(http.trigger.name === undefined ? {} : { name: http.key }) };
  }
  return { merged, own };
}

function withoutAddress(trigger: Trigger, task: Task, fused: boolean, warnings: string[]): Trigger {
  const attributes = { ...trigger.attributes };
  for (const name of ADDRESS_ATTRIBUTES) {
    if (!(name in attributes) || !fused) continue;
    delete attributes[name];
    warnings.push(`The http trigger's ${name} of Task '${task.name}' is dropped: the Task shares a function with others`);
  }
  return { ...trigger, attributes };
}

function mergeHttp(one: Trigger, other: Trigger): Trigger {
  const merged: Trigger = { ...other, ...one, attributes: { ...other.attributes, ...one.attributes } };
  for (const field of ['numWorkers', 'maxWorkers', 'workerAvailabilityTimeoutMilliseconds'] as const) {
    const values = [one[field], other[field]].filter((value) => typeof value === 'number');
    if (values.length > 0) merged[field] = Math.max(...values);
  }
  for (const name of ['maxRequestBodySize', 'readBufferSize']) {
    const values = [one.attributes?.[name], other.attributes?.[name]].filter((value) => typeof value === 'number');
    if (values.length > 0 && merged.attributes) merged.attributes[name] = Math.max(...values);
  }
  return merged;
}
