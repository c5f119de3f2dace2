import path from 'node:path';
import { FusionizerError } from '../../shared/errors.ts';
import { nearName } from '../../shared/nearName.ts';
import { checkHandler, handlerFile, typeScriptFile, withoutEnding } from '../../task/handler.ts';
import { HANDLER_FILES, templateOf } from '../../task/templates.ts';
import type { Runtime } from '../../task/yaml/functionYaml.ts';
import { entryOf, type Span, spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { ConfigProblem, Fix } from './configProblem.ts';
import { findFunction, mayHaveFunction } from './findFunction.ts';
import { runtimesOf } from './runtimeProblems.ts';

/** Checks that the handler's module exists and seems to have the function. */
export async function handlerProblems(checked: Checked): Promise<ConfigProblem[]> {
  const { text, yaml } = checked;
  if (!yaml.isSound('spec', 'handler')) return [];
  const written = yaml.config.spec?.handler;
  const span = written ? spanOf(valueAt(text.root, 'spec', 'handler')) : spanOf(entryOf(text.root, 'spec')?.key);
  const runtimes = await runtimesOf(checked);
  const searches = await Promise.all(runtimes.map((runtime) => searchFor(checked, runtime)));
  // If the runtime is not known, one that the handler fits is enough.
  if (searches.every((search) => 'error' in search)) {
    const [{ error } = { error: '' }] = searches;
    const [runtime, ...others] = runtimes;
    const fixes = runtime && others.length === 0 ? await fixesOf(checked, written ?? 'main:handler', runtime) : [];
    return [text.problem(span, 'error', 'handler', error, fixes)];
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
async function searchFor({ yaml, folder }: Checked, runtime: Runtime): Promise<Search> {
  const { config } = yaml;
  // Build commands with a fault count as some.
  const commands = yaml.isSound('spec', 'build', 'commands') ? config.spec?.build?.commands : ['?'];
  try {
    const name = config.metadata?.name || path.basename(folder);
    const handler = await checkHandler(
      folder,
      name,
      config.spec?.handler,
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
  { text, yaml, folder, read }: Checked,
  { handler, file, runtime }: FoundHandler,
  span: Span | undefined,
): Promise<ConfigProblem[]> {
  if (!/\.(py|js|mjs|cjs)$/.test(file)) return [];
  const source = await read(path.join(folder, file)).catch(() => undefined);
  const name = handler.slice(handler.indexOf(':') + 1);
  if (
    source === undefined ||
    findFunction(source, name, runtime.family) ||
    mayHaveFunction(source, name, runtime.family)
  )
    return [];
  const meant = nearName(name, functionsOf(source)) ?? functionsOf(source).find((one) => one === 'handler');
  const fixes: Fix[] =
    meant === undefined || !yaml.config.spec?.handler
      ? []
      : [{ kind: 'replace', text: `${handler.slice(0, handler.indexOf(':') + 1)}${meant}` }];
  // The words of a deploy, which knows it for certain.
  const has = functionsOf(source).slice(0, MAX_SHOWN).join(', ') || 'none';
  const message = `spec.handler is ${handler}, but ${file} has no function '${name}' (it has: ${has})`;
  return [text.problem(span, 'warning', 'function', message, fixes)];
}

async function fixesOf({ folder }: Checked, handler: string, runtime: Runtime): Promise<Fix[]> {
  const meant = withoutEnding(handler, runtime);
  if (meant !== undefined) return [{ kind: 'replace', text: meant }];
  return (await typeScriptFile(folder, handler, runtime)) === undefined ? creation(handler, runtime) : [];
}

/** Creates the module's file with a handler that answers. */
function creation(handler: string, runtime: Runtime): Fix[] {
  const [, module, name] = /^([\w\-./\\]+):([\w$]+)$/.exec(handler) ?? [];
  if (module === undefined || name === undefined || module.startsWith('/') || module.includes('..')) return [];
  const kind = HANDLER_FILES[runtime.family];
  const ending = path.extname(kind);
  const base =
    runtime.family === 'python' ? module.replaceAll('.', '/') : module.replaceAll('\\', '/').replace(/\.js$/, '');
  const content = templateOf({ runtime: runtime.family, kind: 'plain' }, 'task')[kind] ?? '';
  const renamed = content.replace(/def handler|exports\.handler/, (found) => found.replace('handler', name));
  return [{ kind: 'create', file: `${base}${ending}`, content: renamed }];
}

/** How many functions of a module a message names. */
const MAX_SHOWN = 10;

/** Definitions in Python, in CommonJS and in ES modules. */
const FUNCTIONS = [
  /^(?:async\s+)?def\s+(\w+)/gm,
  /^\s*(?:module\.)?exports\.([\w$]+)\s*=/gm,
  /^export\s+(?:async\s+)?(?:const|function)\s+([\w$]+)/gm,
];

function functionsOf(source: string): string[] {
  const found = FUNCTIONS.flatMap((pattern) => [...source.matchAll(pattern)]);
  return found.flatMap(([, ...names]) => names.filter((name) => name !== undefined));
}
