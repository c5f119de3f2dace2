import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'dotenv';
import { cannotFuse } from '../../core/cannotFuse.ts';
import { FusionizerError } from '../../core/errors.ts';
import { ifMissing } from '../../core/ifMissing.ts';
import type { FunctionPackage } from '../platform.ts';

/**
 * A function's `spec.env`; a value from a Kubernetes secret or the like is read from the `.env` file of the Task that sets it.
 * @throws FusionizerError `task` when there is no value, `setup` when Tasks of one function have different ones
 */
export async function functionVariables(functionPackage: FunctionPackage): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of functionPackage.config.spec?.env ?? []) {
    if (valueFrom === undefined) variables[name] = value ?? '';
    else variables[name] = await fromDotEnv(functionPackage, name);
  }
  return variables;
}

async function fromDotEnv({ dir, valuesFrom }: FunctionPackage, name: string): Promise<string> {
  let found: { name: string; value: string } | undefined;
  for (const task of valuesFrom.get(name) ?? []) {
    const text = await readFile(path.join(dir, 'tasks', task, '.env'), 'utf8').catch(ifMissing(''));
    const value = parse(text)[name];
    if (value === undefined) continue;
    if (found && found.value !== value) {
      cannotFuse(found, { name: task }, `their .env files set the environment variable ${name} to different values, and a function has one environment`);
    }
    found ??= { name: task, value };
  }
  if (found) return found.value;
  throw new FusionizerError(
    'task',
    `function.yaml: spec.env.${name} takes its value from the cluster (valueFrom), which the embedded platform has not: put '${name}=...' into a file .env in the Task's folder`,
    { file: 'function.yaml' },
  );
}
