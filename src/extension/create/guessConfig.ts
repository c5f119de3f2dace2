import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasInlineConfig } from '../../task/findTasks.ts';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import { numberedName, suggestTaskName } from '../../task/taskName.ts';
import { findConfig, readConfig } from '../../task/yaml/findConfig.ts';
import { resolvePlain } from '../../task/yaml/goScalar.ts';
import { familyOf, folderHandlers, moduleOf, sourceFiles } from '../config/folderHandlers.ts';

/** A configuration that fits a folder's source files. */
export interface ConfigGuess {
  readonly runtime: 'python' | 'nodejs';
  /** `module:function` */
  readonly handler: string;
  /** Relative to the folder. */
  readonly file: string;
  /** Whether the file has that function. */
  readonly exists: boolean;
}

/** All handlers that a folder's files seem to have, the most likely first. */
export async function guessConfigs(folder: string): Promise<ConfigGuess[]> {
  const found = await ownOf(folder, await folderHandlers(folder));
  return found.filter(({ likely }) => likely).map(guessOf);
}

/** Leaves out the files below that are Tasks of their own, by an inline configuration. */
async function ownOf<T extends { readonly file: string }>(folder: string, all: readonly T[]): Promise<T[]> {
  const below = [...new Set(all.map(({ file }) => file))].filter((file) => file.includes('/'));
  const found = await Promise.all(below.map((file) => hasInlineConfig(path.join(folder, file))));
  const others = new Set(below.filter((_, index) => found[index]));
  return all.filter(({ file }) => !others.has(file));
}

/**
 * What to choose from if no function looks like a handler: all functions, and a function `handler` that a source file
 * does not have yet. Empty for a folder without source files.
 */
export async function otherGuesses(folder: string): Promise<ConfigGuess[]> {
  const functions = (await ownOf(folder, await folderHandlers(folder))).map(guessOf);
  const files = await sourceFiles(folder);
  const sources = await ownOf(
    folder,
    files.map((file) => ({ file })),
  );
  const unwritten = sources.map(({ file }) => ({
    runtime: familyOf(file),
    file,
    handler: `${moduleOf(file, files)}:handler`,
    exists: false,
  }));
  const written = new Set(functions.map(({ handler }) => handler));
  return [...functions, ...unwritten.filter(({ handler }) => !written.has(handler))];
}

const guessOf = ({ runtime, handler, file }: Omit<ConfigGuess, 'exists'>): ConfigGuess => ({
  runtime,
  handler,
  file,
  exists: true,
});

/**
 * The guess that needs no question: the only one, or the only one whose function is called `handler`, if no other one
 * is in a file further up.
 */
export function clearGuess(guesses: readonly ConfigGuess[]): ConfigGuess | undefined {
  const [named, ...others] = guesses.filter(({ handler }) => handler.endsWith(':handler'));
  if (guesses.length === 1) return guesses[0];
  const depthOf = ({ file }: ConfigGuess): number => file.split('/').length;
  return named && others.length === 0 && guesses.every((one) => depthOf(one) >= depthOf(named)) ? named : undefined;
}

/**
 * The name of a new Task: the folder's, or one near to it that Tasks may have and that no other Task has.
 * @param taken the names of other Tasks
 */
export function nameFor(folder: string, taken: readonly string[]): string {
  const name = suggestTaskName(path.basename(folder)) ?? 'task';
  return taken.includes(name) ? numberedName(name, taken) : name;
}

/** The text of function.yaml. */
export function configOf({ runtime, handler }: Pick<ConfigGuess, 'runtime' | 'handler'>, name: string): string {
  return `metadata:\n  name: ${asText(name)}\nspec:\n  runtime: ${runtime}\n  handler: ${asText(handler)}\n`;
}

/** A text as YAML. Some words, such as `on`, mean something else without quotes. */
const asText = (text: string): string => (typeof resolvePlain(text) === 'string' ? text : JSON.stringify(text));

/** What a deploy of a folder without any configuration would run. */
export interface SourceGuess {
  /** The handler that a server guesses: like Nuclio, it goes by the only source file. */
  readonly server: ConfigGuess;
  /** The handler that function.yaml would get; undefined if there are several to choose from. */
  readonly clear: ConfigGuess | undefined;
}

/**
 * @param source a folder, or a source file by itself, which needs no configuration
 * @returns undefined if there is a configuration, or if nothing can be guessed, which the deploy reports
 * @throws FusionizerError for an inline configuration that cannot be read
 */
export async function guessedBySource(source: string): Promise<SourceGuess | undefined> {
  if (!(await stat(source)).isDirectory()) return undefined;
  const found = findConfig(await listTopLevelFiles(source));
  if (found?.kind !== 'source') return undefined;
  const file = found.name;
  if (readConfig(found, await readFile(path.join(source, file)))?.checked() !== undefined) return undefined;
  const handler = `${path.parse(file).name}:handler`;
  const likely = await guessConfigs(source);
  const clear = likely.length > 0 ? clearGuess(likely) : onlyOne(await otherGuesses(source));
  return { server: { runtime: familyOf(file), handler, file, exists: clear?.handler === handler }, clear };
}

export const onlyOne = <T>([first, ...others]: readonly T[]): T | undefined =>
  others.length === 0 ? first : undefined;
