import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError } from '../../shared/errors.ts';
import { MAX_BYTES, tooLarge } from './configFile.ts';
import { type ConfigFile, findConfig, readConfig } from './findConfig.ts';
import type { FunctionYaml } from './functionYaml.ts';

/** The largest source file that is read for its configuration, in bytes. */
const MAX_SOURCE = 4 * 1024 ** 2;

/** What configures the Task in a folder. */
export interface FolderConfig {
  readonly file: ConfigFile;
  readonly bytes: Buffer;
  /** Undefined for a source file without an inline configuration. */
  readonly yaml: FunctionYaml | undefined;
}

/** The names of the files at the top level of a folder. */
export async function filesAtTop(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/**
 * @param names the files at the top level of the folder
 * @returns undefined if nothing configures the Task: see `findConfig`
 * @throws FusionizerError `task` with file and line, for a text that cannot be read as a configuration at all
 */
export async function readFolderConfig(dir: string, names: readonly string[]): Promise<FolderConfig | undefined> {
  const file = findConfig(names);
  if (file === undefined) return undefined;
  const bytes = await readBounded(dir, file);
  return { file, bytes, yaml: readConfig(file, bytes) };
}

async function readBounded(dir: string, { kind, name: file }: ConfigFile): Promise<Buffer> {
  const { size } = await stat(path.join(dir, file));
  if (kind === 'yaml' && size > MAX_BYTES) throw tooLarge(file);
  if (size <= MAX_SOURCE) return await readFile(path.join(dir, file));
  const limit = `${MAX_SOURCE / 1024 ** 2} MiB`;
  throw new FusionizerError(
    'task',
    `${file} is larger than ${limit}, too large to be searched for configuration: add a small function.yaml`,
    { file },
  );
}
