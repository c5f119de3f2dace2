import path from 'node:path';
import { nearName } from '../../shared/nearName.ts';
import { CONFIG_FILES, configText } from './configFile.ts';
import { type FunctionYaml, readFunctionYaml } from './functionYaml.ts';
import { isSourceFile, readInlineConfig } from './inlineConfig.ts';

/** The file that holds a Task's configuration. */
export type ConfigFile =
  /** function.yaml or function.yml. */
  | { readonly kind: 'yaml'; readonly name: string }
  /** The only source file. It may hold an inline configuration. */
  | { readonly kind: 'source'; readonly name: string };

/** A Task's configuration with its bytes, as they are sent. The file on disk may change before that. */
export interface PackedConfig {
  readonly file: ConfigFile;
  readonly bytes: Buffer;
}

/**
 * Chooses the file that configures a Task, as a deploy does: function.yaml, or else function.yml, or else the only
 * source file.
 * @param names the files at the top level of the Task's folder
 * @returns undefined if there is no such file, or more than one source file
 */
export function findConfig(names: readonly string[]): ConfigFile | undefined {
  const yaml = CONFIG_FILES.find((name) => names.includes(name));
  if (yaml !== undefined) return { kind: 'yaml', name: yaml };
  const [source, ...others] = names.filter(isSourceFile);
  return source === undefined || others.length > 0 ? undefined : { kind: 'source', name: source };
}

/** A file that is probably meant to be function.yaml, such as `functions.yaml`; undefined if there is none. */
export function nearConfig(names: readonly string[]): string | undefined {
  return names.find(
    (name) =>
      /\.ya?ml(\.txt)?$/i.test(name) && !CONFIG_FILES.includes(name) && nearName(name, CONFIG_FILES) !== undefined,
  );
}

/**
 * Reads the configuration in a file that `findConfig` chose.
 * @returns undefined for a source file without an inline configuration
 * @throws FusionizerError `task` with file and line, for a text that cannot be read as a configuration at all
 */
export function readConfig({ kind, name }: ConfigFile, bytes: Buffer): FunctionYaml | undefined {
  if (kind === 'yaml') return readFunctionYaml(configText(bytes, name), name);
  return readInlineConfig(bytes.toString('utf8'), name, path.extname(name));
}
