import { FusionizerError } from '../../shared/errors.ts';
import { filesAtTop, readFolderConfig } from './folderConfig.ts';

/** Where a field stands in the configuration of a Task's folder. */
export interface ConfigPlace {
  /** function.yaml, or the source file with inline configuration. */
  readonly file: string;
  /** From 1; undefined without any configuration. For a field that is not there, that of the key above it. */
  readonly line: number | undefined;
  /** Whether the field is there. */
  readonly isExact: boolean;
}

/** @param dir the folder of a Task whose configuration could be read before */
export async function configPlace(dir: string, keys: readonly string[]): Promise<ConfigPlace> {
  const config = await readFolderConfig(dir, await filesAtTop(dir));
  if (config === undefined) return { file: 'function.yaml', line: undefined, isExact: false };
  const { file, yaml } = config;
  const exact = yaml?.exactLineOf(...keys);
  return { file: file.name, line: exact ?? yaml?.lineOf(...keys), isExact: exact !== undefined };
}

/**
 * Adds the line to an error about a configuration. The code that throws it after the configuration was read knows only
 * the keys.
 * @param dir the Task's folder
 * @returns the error with its line. It is unchanged if it has a line already or has no keys, or if the Task's
 *   configuration has no such place: the error is about another Task of the group.
 */
export async function withLine(error: unknown, dir: string): Promise<unknown> {
  if (!(error instanceof FusionizerError) || error.keys === undefined || error.line !== undefined) return error;
  const { file, line, isExact } = await configPlace(dir, error.keys);
  return isExact ? new FusionizerError(error.code, error.message, { file, line, cause: error.cause }) : error;
}
