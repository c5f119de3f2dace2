import path from 'node:path';
import { FusionizerError } from '../../shared/errors.ts';

import { checkHandler, handlerFile } from '../../task/handler.ts';

import type { Runtime } from '../../task/yaml/functionYaml.ts';
import { entryOf, type Span, spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { ConfigProblem } from './configProblem.ts';
import { findFunction, mayHaveFunction } from './findFunction.ts';
import { folderHandlers } from './folderHandlers.ts';
import { handlerFixes, usableHandlers } from './handlerFixes.ts';
import { runtimesOf } from './runtimeProblems.ts';
import { functionsIn } from './sourceFunctions.ts';

/** Checks that the handler's module exists and seems to have the function. */
export async function handlerProblems(checked: Checked): Promise<ConfigProblem[]> {
  const { text, yaml, defaults } = checked;
  if (!yaml.isSound('spec', 'handler')) return [];
  const written = yaml.config.spec?.handler;
  const span = written ? spanOf(valueAt(text.root, 'spec', 'handler')) : spanOf(entryOf(text.root, 'spec')?.key);
  const runtimes = await runtimesOf(checked);
  const searches = await Promise.all(runtimes.map((runtime) => searchFor(checked, runtime)));
  // If the runtime is not known, one that the handler fits is enough.
  if (searches.every((search) => 'error' in search)) {
    const [{ error } = { error: '' }] = searches;
    const [runtime, ...others] = runtimes;
    const wrong = written || defaults?.handler;
    const all = runtime && (others.length === 0 || !wrong) ? await folderHandlers(checked.folder, checked.read) : [];
    const fixes = runtime && others.length === 0 ? await handlerFixes(checked, wrong, { runtime, all }) : [];
    const [first] = runtime && !wrong ? usableHandlers(all, runtime) : [];
    const message = first
      ? `spec.handler is missing: write ${first.handler} for the function ${first.name} in ${first.file}`
      : error;
    return [text.problem(span, 'error', 'handler', message, fixes)];
  }
  const [found] = searches.flatMap((search) => ('error' in search || search.file === undefined ? [] : [search]));
  return found === undefined ? [] : checkFunction(checked, found, span);
}

type Search = { readonly error: string } | FoundHandler | { readonly file: undefined };

interface FoundHandler {
  readonly handler: string;
  /** Relative to the Task's folder. */
  readonly file: string;
  readonly runtime: Runtime;
}

/** Finds the handler's file. Without one, build commands may still bring it. */
async function searchFor({ yaml, folder, defaults }: Checked, runtime: Runtime): Promise<Search> {
  const { config } = yaml;
  // Build commands with a fault count as some.
  const commands = yaml.isSound('spec', 'build', 'commands') ? config.spec?.build?.commands : ['?'];
  try {
    const name = config.metadata?.name || path.basename(folder);
    const handler = await checkHandler(
      folder,
      name,
      config.spec?.handler || defaults?.handler,
      { ...config, spec: { ...config.spec, build: { commands } } },
      runtime,
      {
        file: 'function.yaml',
      },
    );
    const file = await handlerFile(folder, handler, runtime);
    return file === undefined ? { file } : { handler, file, runtime };
  } catch (error) {
    if (!(error instanceof FusionizerError)) throw error;
    return { error: error.message.replace('function.yaml: ', '') };
  }
}

async function checkFunction(
  checked: Checked,
  { handler, file, runtime }: FoundHandler,
  span: Span | undefined,
): Promise<ConfigProblem[]> {
  const { text, yaml, folder, read } = checked;
  if (!/\.(py|js|mjs|cjs)$/.test(file)) return [];
  const source = await read(path.join(folder, file)).catch(() => undefined);
  const name = handler.slice(handler.indexOf(':') + 1);
  if (
    source === undefined ||
    findFunction(source, name, runtime.family) ||
    mayHaveFunction(source, name, runtime.family)
  )
    return [];
  const functions = functionsIn(source, runtime.family).map((one) => one.name);
  const fixes = yaml.config.spec?.handler
    ? await handlerFixes(checked, handler, { runtime, all: await folderHandlers(folder, read) })
    : [];
  // The words of a deploy, which knows it for certain.
  const has = functions.slice(0, MAX_SHOWN).join(', ') || 'none';
  const message = `spec.handler is ${handler}, but ${file} has no function '${name}' (it has: ${has})`;
  return [text.problem(span, 'warning', 'function', message, fixes)];
}

/** How many functions of a module a message names. */
const MAX_SHOWN = 10;
