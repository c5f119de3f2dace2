import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import { suggestTaskName } from '../../task/taskName.ts';
import { findConfig, readConfig } from '../../task/yaml/findConfig.ts';
import { isSourceFile } from '../../task/yaml/inlineConfig.ts';

/** A configuration that fits a folder's source files. */
export interface ConfigGuess {
  readonly runtime: 'python' | 'nodejs';
  /** `module:function` */
  readonly handler: string;
  /** Relative to the folder. */
  readonly file: string;
}

const PYTHON = /^(?:async\s+)?def\s+(\w+)\s*\(\s*(\w+)\s*(?::[^,]+)?,\s*(\w+)/gm;
const NODEJS = new RegExp(
  [
    String.raw`^\s*(?:module\.)?exports\.([\w$]+)\s*=\s*(?:async\s*)?(?:function\b[^(]*)?\(?`,
    String.raw`^export\s+(?:async\s+)?(?:const|function)\s+([\w$]+)`,
    String.raw`^module\.exports\s*=\s*\{\s*([\w$]+)\s*[,}]`,
  ].join('|'),
  'gm',
);
/** Nuclio calls these once, when a worker starts. */
const NO_HANDLERS = new Set(['init_context', 'initContext']);

/** All handlers that a folder's files seem to have, the most likely first. */
export async function guessConfigs(folder: string): Promise<ConfigGuess[]> {
  const files = (await listTopLevelFiles(folder)).filter(isSourceFile).sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(path.join(folder, file), 'utf8');
      const runtime = runtimeOf(file);
      return handlersOf(source, runtime).map(
        (name): ConfigGuess => ({ runtime, file, handler: `${moduleOf(file)}:${name}` }),
      );
    }),
  );
  return found.flat().sort((one, other) => rank(one) - rank(other));
}

/** The guess that needs no question: the only one, or the only one whose function is called `handler`. */
export function clearGuess(guesses: readonly ConfigGuess[]): ConfigGuess | undefined {
  const named = guesses.filter(({ handler }) => handler.endsWith(':handler'));
  return guesses.length === 1 ? guesses[0] : named.length === 1 ? named[0] : undefined;
}

/** The text of function.yaml. The Task gets the folder's name, or one near to it that Tasks may have. */
export function configOf({ runtime, handler }: Pick<ConfigGuess, 'runtime' | 'handler'>, folder: string): string {
  const base = path.basename(folder);
  return `metadata:\n  name: ${suggestTaskName(base) ?? 'task'}\nspec:\n  runtime: ${runtime}\n  handler: ${handler}\n`;
}

function handlersOf(source: string, runtime: ConfigGuess['runtime']): string[] {
  if (runtime === 'nodejs')
    return [...source.matchAll(NODEJS)].flatMap(
      ([, ...names]) => names.filter((name) => name !== undefined && !NO_HANDLERS.has(name)) as string[],
    );
  const functions = [...source.matchAll(PYTHON)].map(([, name = '', first, second]) => ({
    name,
    likely: name === 'handler' || (first === 'context' && second === 'event'),
  }));
  return functions.filter(({ likely }) => likely).map(({ name }) => name);
}

const runtimeOf = (file: string): ConfigGuess['runtime'] => (path.extname(file) === '.py' ? 'python' : 'nodejs');

/** A handler names its module without the ending, in Python and in JavaScript. */
const moduleOf = (file: string): string => path.parse(file).name;

const rank = ({ handler }: ConfigGuess): number =>
  handler === 'main:handler' ? 0 : handler.endsWith(':handler') ? 1 : 2;

/**
 * The handler that a server guesses for a folder with neither function.yaml nor an inline configuration. Like Nuclio,
 * the server goes by the only source file.
 * @param source a folder, or a source file by itself, which needs no configuration
 * @returns undefined if there is a configuration, or if nothing can be guessed, which the deploy reports
 * @throws FusionizerError for an inline configuration that cannot be read
 */
export async function guessedBySource(source: string): Promise<ConfigGuess | undefined> {
  if (!(await stat(source)).isDirectory()) return undefined;
  const found = findConfig(await listTopLevelFiles(source));
  if (found?.kind !== 'source') return undefined;
  const file = found.name;
  if (readConfig(found, await readFile(path.join(source, file)))?.checked() !== undefined) return undefined;
  return { runtime: runtimeOf(file), handler: `${moduleOf(file)}:handler`, file };
}
