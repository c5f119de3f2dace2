import { isDeepStrictEqual } from 'node:util';
import { cannotFuse, FusionizerError } from '../../shared/errors.ts';
import { mergeBuildCommands } from '../../task/buildCommands.ts';
import { parseGoDuration, timeoutFault } from '../../task/goDuration.ts';
import type { Task } from '../../task/task.ts';
import type { EnvVariable, FunctionConfig, FunctionSpec } from '../../task/yaml/functionYaml.ts';
import { parseQuantity, sumQuantities } from '../../task/yaml/quantity.ts';
import { mergeTriggers } from './mergeTriggers.ts';

export interface MergedConfig {
  config: FunctionConfig & { spec: FunctionSpec };
  /** Per Task: merged trigger name -> the Task's own. */
  triggers: Map<string, Record<string, string>>;
  warnings: string[];
}

/**
 * Merges the function.yaml of a group's Tasks (design: The function package): build commands in order without repeats;
 * env, labels and annotations united; memory summed; cpu, workers, replicas, body size and time-outs the largest;
 * unknown fields carried along, the first Task's winning.
 * @throws FusionizerError `setup` that names the Tasks that cannot be fused, and why
 */
export function mergeConfigs(tasks: readonly Task[]): MergedConfig {
  const warnings: string[] = [];
  checkRuntimes(tasks);
  checkPins(tasks);
  const named = tasks.find((task) => task.runtime.version !== undefined) ?? tasks[0];
  const specs = tasks.map((task) => task.config.spec ?? {});
  const triggers = mergeTriggers(tasks, warnings);
  const commands = mergeBuildCommands(specs.map((spec) => spec.build?.commands ?? []));
  const spec: FunctionSpec = {
    ...carried(specs),
    runtime: named?.runtimeName,
    handler: 'fusionizer_entry:handler',
    env: mergeEnv(tasks),
    build: { ...carried(specs.map((one) => one.build ?? {})), commands },
    triggers: triggers.merged,
    resources: mergeResources(tasks, warnings),
    ...largest(specs, ['minReplicas', 'maxReplicas', 'replicas', 'readinessTimeoutSeconds']),
  };
  const timeout = largestTimeout(tasks, warnings);
  if (timeout === undefined) delete spec.eventTimeout;
  else spec.eventTimeout = timeout;
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

/** A Task without a time-out may take any time, which is the largest. */
function largestTimeout(tasks: readonly Task[], warnings: string[]): string | undefined {
  const timeouts = tasks.map((task) => {
    // Nuclio's exports have an empty one.
    const text = task.config.spec?.eventTimeout || undefined;
    const milliseconds = text === undefined ? Number.POSITIVE_INFINITY : (parseGoDuration(text) ?? 0);
    if (milliseconds > 0) return { task, text, milliseconds };
    throw new FusionizerError('task', timeoutFault(text, task.name) ?? '', {
      file: 'function.yaml',
      keys: ['spec', 'eventTimeout'],
    });
  });
  const [largest] = [...timeouts].sort((a, b) => b.milliseconds - a.milliseconds);
  for (const { task, text } of timeouts) {
    if (text !== undefined && largest?.text === undefined) {
      warnings.push(
        `The eventTimeout of Task '${task.name}' (${text}) does not apply: it shares a function with Task ` +
          `'${largest?.task.name}', which does not set one`,
      );
    }
  }
  return largest?.text;
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
      cannotFuse(first, other, `one is ${first.runtimeName}, the other ${other.runtimeName}`);
    }
  }
  const [one, another] = tasks.filter(
    (task, index) =>
      task.runtime.version !== undefined &&
      tasks.findIndex((other) => other.runtime.version === task.runtime.version) === index,
  );
  if (one && another)
    cannotFuse(one, another, `they name different versions, ${one.runtimeName} and ${another.runtimeName}`);
}

/**
 * `pip install x==1` and `pip install x==2` would leave one of the two Tasks with the wrong version. The same for npm's
 * `x@1`.
 */
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
          cannotFuse(known.task, task, `their build commands pin ${name} to ${known.version} and ${version}`);
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
        cannotFuse(
          known.task,
          task,
          `they set the environment variable ${variable.name} to different values, and a function has one environment`,
        );
      }
      variables.set(variable.name, { variable, task });
    }
  }
  return [...variables.values()].map(({ variable }) => variable);
}

function uniteMaps(
  tasks: readonly Task[],
  what: string,
  of: (task: Task) => Record<string, string> | undefined,
): Record<string, string> {
  const values = new Map<string, { value: string; task: Task }>();
  for (const task of tasks) {
    for (const [key, value] of Object.entries(of(task) ?? {})) {
      const known = values.get(key);
      if (known && known.value !== value)
        cannotFuse(known.task, task, `their ${what} ${key} disagrees ('${known.value}' and '${value}')`);
      values.set(key, { value, task });
    }
  }
  return Object.fromEntries([...values].map(([key, { value }]) => [key, value]));
}

/** Memory limits are added up. If one Task does not set a limit, the group does not have one either. */
function mergeResources(tasks: readonly Task[], warnings: string[]): NonNullable<FunctionSpec['resources']> {
  const specs = tasks.map((task) => task.config.spec ?? {});
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
  const unlimited = tasks.find((task) => task.config.spec?.resources?.limits?.['memory'] === undefined);
  for (const { name, config } of unlimited ? tasks : []) {
    const limit = config.spec?.resources?.limits?.['memory'];
    if (limit === undefined) continue;
    warnings.push(
      `The memory limit of Task '${name}' (${limit}) does not apply: it shares a function with Task ` +
        `'${unlimited?.name}', which does not set one`,
    );
    delete merged['limits']?.['memory'];
  }
  return merged;
}
