import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'dotenv';
import { FusionizerError } from '../../core/errors.ts';
import { isSecretName, secretValues } from '../../core/secretNames.ts';
import type { FunctionPackage } from '../platform.ts';

export interface FunctionVariables {
  /** `spec.env`; a value from a Kubernetes secret or the like is read from the Task's `.env` file. */
  variables: Record<string, string>;
  /** Values that nobody may see: those from the cluster, and those with the name of a secret, whether the function gets them or loads `.env` itself. */
  secrets: string[];
}

/** @throws FusionizerError `task` for a value from the cluster that no `.env` has */
export async function functionVariables({ dir, group, config }: FunctionPackage): Promise<FunctionVariables> {
  const files = await Promise.all(group.map((task) => readDotEnv(path.join(dir, 'tasks', task, '.env'))));
  const variables: Record<string, string> = {};
  const secrets = files.flatMap(secretValues);
  for (const { name, value, valueFrom } of config.spec?.env ?? []) {
    const given = valueFrom === undefined ? (value ?? '') : fromDotEnv(name, files);
    variables[name] = given;
    if (valueFrom !== undefined || isSecretName(name)) secrets.push(given);
  }
  return { variables, secrets };
}

function fromDotEnv(name: string, files: readonly Record<string, string>[]): string {
  const value = files.find((file) => file[name] !== undefined)?.[name];
  if (value !== undefined) return value;
  throw new FusionizerError(
    'task',
    `function.yaml: spec.env.${name} takes its value from the cluster (valueFrom), which the embedded platform has not: put '${name}=...' into a file .env in the Task's folder`,
    { file: 'function.yaml' },
  );
}

/** Empty where there is none; a folder of that name, as some give to virtual environments, is none. */
async function readDotEnv(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
    throw error;
  });
  return parse(text);
}
