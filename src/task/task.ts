import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';
import { checkHandler } from './handler.ts';
import { CONFIG_FILES } from './yaml/configFile.ts';
import { configWarnings } from './yaml/configWarnings.ts';
import { nearConfig } from './yaml/findConfig.ts';
import { filesAtTop, readFolderConfig } from './yaml/folderConfig.ts';
import { type FunctionConfig, parseRuntime, placed, type Runtime } from './yaml/functionYaml.ts';
import { inlineWarning, sourceDefaults } from './yaml/inlineConfig.ts';
import { namingMeantKey } from './yaml/missingField.ts';

/** One deployed version of a Task. It is immutable: a redeploy makes a new one. */
export interface Task {
  readonly name: string;
  /** Counts the deploys of this name, from 1. */
  readonly version: number;
  /** The folder with its files. Nothing is ever written to it. */
  readonly dir: string;
  /** sha-256 over sorted paths and contents, hex. */
  readonly hash: string;
  /** Where its client deployed it from; null if that did not say so. */
  readonly source: string | null;
  /** Whether that was a path on the server's machine; undefined for a Task of an older server. */
  readonly isSourceHere?: boolean | undefined;
  readonly deployedAt: string;
  readonly config: FunctionConfig;
  /** `module:function`, never empty. */
  readonly handler: string;
  readonly runtimeName: string;
  readonly runtime: Runtime;
}

export interface TaskDefinition {
  config: FunctionConfig;
  handler: string;
  runtimeName: string;
  runtime: Runtime;
}

/** A Task's definition as a deploy reads it. */
export interface ReadDefinition extends TaskDefinition {
  /** What is legal, but surprises, with file and line. */
  warnings: string[];
}

/**
 * Reads the configuration of a Task's folder: function.yaml, or the inline configuration of its only source file.
 * @throws FusionizerError `task` with file and line
 */
export async function readTaskDefinition(dir: string, name: string): Promise<ReadDefinition> {
  const names = await filesAtTop(dir);
  const near = nearConfig(names);
  const found = await readFolderConfig(dir, names);
  if (found === undefined) {
    const holds = names.length === 0 ? 'no files at its top level' : names.slice(0, 5).join(', ');
    throw new FusionizerError(
      'task',
      `There is no function.yaml at the top level of the zip (it holds ${holds}): ` +
        (near === undefined
          ? "zip the files inside the Task's folder, not the folder"
          : `rename ${near} to ${CONFIG_FILES[0]}`),
    );
  }
  const { kind, name: file } = found.file;
  const { bytes, yaml } = found;
  const config = (await namingMeantKey(yaml, () => yaml?.checked())) ?? {};
  const lineOf = (field: string): number | undefined => yaml?.lineOf('spec', field);
  // Like Nuclio: the ending of a single source file names the runtime, and main.py has the handler main:handler.
  const usual = kind === 'source' ? sourceDefaults(file) : undefined;
  const runtimeName = config.spec?.runtime || usual?.runtime || '';
  if (runtimeName === '') {
    const line = lineOf('runtime');
    const message = `${placed(file, line)}: spec.runtime is missing: write 'runtime: python' or 'runtime: nodejs'`;
    return await namingMeantKey(yaml, () => {
      throw new FusionizerError('task', message, { file, line });
    });
  }
  const runtime = parseRuntime(runtimeName, file, lineOf('runtime'));
  const written = config.spec?.handler || usual?.handler;
  const handler = await namingMeantKey(yaml, () =>
    checkHandler(dir, name, written, config, runtime, { file, line: lineOf('handler') }),
  );
  const warnings =
    yaml === undefined
      ? ignoredConfigs(bytes.toString('utf8'), file, near)
      : [...nameWarnings(file), ...configWarnings(yaml)];
  return { config, runtime, runtimeName, handler, warnings };
}

/** Nuclio does not find function.yml. */
const nameWarnings = (file: string): string[] =>
  file === 'function.yml' ? [`${file}: Nuclio reads function.yaml only: rename the file`] : [];

/** Warnings about configurations that a Task without function.yaml has, but that are not read. */
function ignoredConfigs(source: string, file: string, near: string | undefined): string[] {
  const inline = inlineWarning(source, file, path.extname(file));
  const renamed =
    near && `${near} is not read, because a Task's configuration is ${CONFIG_FILES[0]}: rename it, if that is meant`;
  return [inline, renamed].filter((warning) => warning !== undefined);
}
