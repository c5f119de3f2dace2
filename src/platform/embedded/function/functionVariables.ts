import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'dotenv';
import { cannotFuse, FusionizerError } from '../../../shared/errors.ts';
import { formatSize } from '../../../shared/format.ts';
import { isSecretName, secretValues } from '../../../shared/secretNames.ts';
import { configText } from '../../../task/yaml/configFile.ts';
import type { FunctionPackage } from '../../platform.ts';

export interface FunctionVariables {
  /** `spec.env`; a value from a Kubernetes secret or the like is read from the `.env` file of the Task that sets it. */
  variables: Record<string, string>;
  /**
   * Values that nobody may see: those from the cluster, and those with the name of a secret, whether the function gets
   * them or loads `.env` itself.
   */
  secrets: string[];
}

/** A Task's `.env` file. */
interface DotEnv {
  task: string;
  values: Record<string, string>;
}

/**
 * @throws FusionizerError `task` for a value from the cluster that no `.env` has, `setup` when Tasks of one function
 *   have different ones
 */
export async function functionVariables({
  dir,
  group,
  config,
  valuesFrom,
}: FunctionPackage): Promise<FunctionVariables> {
  const files = await Promise.all(
    group.map(async (task) => ({ task, values: await readDotEnv(task, path.join(dir, 'tasks', task, '.env')) })),
  );
  const variables: Record<string, string> = {};
  const secrets = files.flatMap(({ values }) => secretValues(values));
  for (const { name, value, valueFrom } of config.spec?.env ?? []) {
    const setters = valuesFrom.find((one) => one.variable === name)?.tasks ?? [];
    const given =
      valueFrom === undefined
        ? (value ?? '')
        : fromDotEnv(
            name,
            files.filter(({ task }) => setters.includes(task)),
          );
    checkSize(name, given);
    variables[name] = given;
    if (valueFrom !== undefined || isSecretName(name)) secrets.push(given);
  }
  checkSum(variables);
  checkSecrets(secrets);
  return { variables, secrets };
}

/**
 * The longest variable, with its name, in bytes: Linux does not start a process with a longer one (MAX_ARG_STRLEN,
 * execve(2)).
 */
const LONGEST = 128 * 1024;
/** The most that all of them may have. Linux takes a quarter of the stack's limit, 2 MiB by default, with ours. */
const LARGEST = 1024 ** 2;
/** The most that all secrets may have, in bytes. */
const LARGEST_SECRETS = 128 * 1024;

/** The largest `.env` file, in bytes: a value may be a variable, and each secret is masked in many spellings. */
const LARGEST_FILE = LONGEST;

/** @throws FusionizerError `task` */
function checkSize(name: string, value: string): void {
  const size = Buffer.byteLength(`${name}=${value}`) + 1;
  if (size > LONGEST)
    refuse(name, `spec.env.${name} has ${formatSize(size)}, and a variable can have ${LONGEST / 1024} KiB`);
}

/** @throws FusionizerError `task` */
function checkSum(variables: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(variables).map(([name, value]) => Buffer.byteLength(`${name}=${value}`) + 1);
  const size = sizes.reduce((sum, one) => sum + one, 0);
  const largest = Object.keys(variables)[sizes.indexOf(Math.max(...sizes))] ?? '';
  if (size > LARGEST)
    refuse(largest, `spec.env has ${formatSize(size)} in all, and a function can have ${LARGEST / 1024 ** 2} MiB`);
}

/**
 * A mask has each secret in 20 spellings. Making it for this many takes a tenth of a second, in which nobody is served.
 * @throws FusionizerError `task`
 */
function checkSecrets(secrets: readonly string[]): void {
  const size = secrets.reduce((sum, secret) => sum + Buffer.byteLength(secret), 0);
  if (size > LARGEST_SECRETS)
    throw new FusionizerError(
      'task',
      `The secrets in spec.env and .env have ${formatSize(size)} in all, and a function can have ` +
        `${formatSize(LARGEST_SECRETS)}: put large ones into files of the Task`,
      { file: 'function.yaml', keys: ['spec', 'env'] },
    );
}

function refuse(name: string, why: string): never {
  throw new FusionizerError('task', `function.yaml: ${why}: put large values into a file of the Task`, {
    file: 'function.yaml',
    keys: ['spec', 'env', name],
  });
}

function fromDotEnv(name: string, files: readonly DotEnv[]): string {
  const [first, ...others] = files.flatMap(({ task, values: { [name]: value } }) =>
    value === undefined ? [] : [{ name: task, value }],
  );
  if (first === undefined) {
    throw new FusionizerError(
      'task',
      `function.yaml: spec.env.${name} takes its value from the cluster (valueFrom), which the ` +
        `embedded platform does not have: put '${name}=...' into a file .env in the Task's folder`,
      { file: 'function.yaml', keys: ['spec', 'env', name] },
    );
  }
  const other = others.find(({ value }) => value !== first.value);
  if (other)
    cannotFuse(
      first,
      other,
      `their .env files set the environment variable ${name} to different values, and a function has one environment`,
    );
  return first.value;
}

/**
 * Empty if there is no such file. A folder of that name, as some virtual environments have, does not count.
 * @throws FusionizerError `task` for one that is too large, and for text that is not UTF-8: a secret in it would not be
 *   recognized
 */
async function readDotEnv(task: string, file: string): Promise<Record<string, string>> {
  // Reading reports what is wrong with a file that cannot be looked at.
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > LARGEST_FILE) {
    const limit = `${LARGEST_FILE / 1024} KiB`;
    const message = `The file .env of Task '${task}' is larger than ${limit}: put large values into other files`;
    throw new FusionizerError('task', message, { file: '.env' });
  }
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return Buffer.alloc(0);
    throw error;
  });
  // The parser that is not fast takes minutes for 128 KiB of empty lines.
  return parse(configText(bytes, '.env'), { fast: true });
}
