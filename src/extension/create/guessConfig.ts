import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import { suggestTaskName } from '../../task/taskName.ts';
import { RUNTIME_OF_FILE } from '../../task/yaml/inlineConfig.ts';

/** What function.yaml may say about a folder's source files. */
export interface ConfigGuess {
  readonly runtime: 'python' | 'nodejs';
  /** `module:function` */
  readonly handler: string;
  /** Relative to the folder. */
  readonly file: string;
}

const PYTHON = /^(?:async\s+)?def\s+(\w+)\s*\(\s*(\w+)\s*(?::[^,]+)?,\s*(\w+)/gm;
const NODEJS =
  /^\s*(?:module\.)?exports\.([\w$]+)\s*=\s*(?:async\s*)?(?:function\b[^(]*)?\(?|^export\s+(?:async\s+)?(?:const|function)\s+([\w$]+)|^module\.exports\s*=\s*\{\s*([\w$]+)\s*[,}]/gm;
/** What is exported, or called first, is not what an event is for. */
const NO_HANDLERS = new Set(['init_context', 'initContext']);

/** All handlers that a folder's files seem to have, the likeliest first. */
export async function guessConfigs(folder: string): Promise<ConfigGuess[]> {
  const files = (await listTopLevelFiles(folder)).filter((file) => path.extname(file) in RUNTIME_OF_FILE).sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(path.join(folder, file), 'utf8');
      const runtime = path.extname(file) === '.py' ? 'python' : 'nodejs';
      return handlersOf(source, runtime).map(
        (name): ConfigGuess => ({ runtime, file, handler: `${moduleOf(file)}:${name}` }),
      );
    }),
  );
  return found.flat().sort((one, other) => rank(one) - rank(other));
}

/** The guess that needs no question: the only one, or the only function that is called `handler`. */
export function clearGuess(guesses: readonly ConfigGuess[]): ConfigGuess | undefined {
  const named = guesses.filter(({ handler }) => handler.endsWith(':handler'));
  return guesses.length === 1 ? guesses[0] : named.length === 1 ? named[0] : undefined;
}

/** The text of function.yaml; it names the Task where the folder's own name cannot be one. */
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

/** Python modules go without their ending; so do those of JavaScript that are looked for by themselves. */
const moduleOf = (file: string): string => path.parse(file).name;

const rank = ({ handler }: ConfigGuess): number =>
  handler === 'main:handler' ? 0 : handler.endsWith(':handler') ? 1 : 2;
