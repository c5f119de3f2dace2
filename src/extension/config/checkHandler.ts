import path from 'node:path';
import { HANDLER_FILES, templateOf } from '../../client/templates.ts';
import { FusionizerError } from '../../core/errors.ts';
import { parseRuntime, type Runtime } from '../../core/functionYaml.ts';
import { checkHandler as checkDefinition, handlerFile } from '../../core/task.ts';
import type { Checked } from './checkConfig.ts';
import { entryOf, spanOf, valueAt } from './configText.ts';
import { findFunction, mayHaveFunction } from './findFunction.ts';
import { nearName } from './nearName.ts';
import type { ConfigProblem, Fix } from './problem.ts';

/** The handler's module is there, and seems to have the function. */
export async function checkHandler({ text, config, folder, read }: Checked): Promise<ConfigProblem[]> {
  const runtime = runtimeOf(config.spec?.runtime);
  if (runtime === undefined) return [];
  const written = config.spec?.handler;
  const span = written ? spanOf(valueAt(text.root, 'spec', 'handler')) : spanOf(entryOf(text.root, 'spec')?.key);
  let handler: string;
  try {
    handler = await checkDefinition(folder, config.metadata?.name || path.basename(folder), written, config, runtime, 'function.yaml');
  } catch (error) {
    if (!(error instanceof FusionizerError)) throw error;
    return [text.problem(span, 'error', 'handler', error.message.replace('function.yaml: ', ''), creation(written ?? 'main:handler', runtime))];
  }
  const file = await handlerFile(folder, handler, runtime);
  if (file === undefined || !/\.(py|js|mjs|cjs)$/.test(file)) return [];
  const source = await read(path.join(folder, file)).catch(() => undefined);
  const name = handler.slice(handler.indexOf(':') + 1);
  if (source === undefined || findFunction(source, name, runtime.family) || mayHaveFunction(source, name, runtime.family)) return [];
  const meant = nearName(name, functionsOf(source)) ?? functionsOf(source).find((one) => one === 'handler');
  const fixes: Fix[] = meant === undefined || !written ? [] : [{ kind: 'replace', text: `${handler.slice(0, handler.indexOf(':') + 1)}${meant}` }];
  const question = meant === undefined ? '' : `: did you mean '${meant}'?`;
  return [text.problem(span, 'warning', 'function', `${file} seems to have no function '${name}'${question}`, fixes)];
}

function runtimeOf(name: string | undefined): Runtime | undefined {
  if (!name) return undefined;
  try {
    return parseRuntime(name, 'function.yaml');
  } catch {
    // Told by the check of the runtime.
    return undefined;
  }
}

/** The module's file, with a handler that answers. */
function creation(handler: string, runtime: Runtime): Fix[] {
  const [, module, name] = /^([\w\-./\\]+):([\w$]+)$/.exec(handler) ?? [];
  if (module === undefined || name === undefined || module.startsWith('/') || module.includes('..')) return [];
  const kind = HANDLER_FILES[runtime.family];
  const ending = path.extname(kind);
  const base = runtime.family === 'python' ? module.replaceAll('.', '/') : module.replaceAll('\\', '/').replace(/\.js$/, '');
  const content = templateOf({ runtime: runtime.family, kind: 'plain' }, 'task')[kind] ?? '';
  const renamed = content.replace(/def handler|exports\.handler/, (found) => found.replace('handler', name));
  return [{ kind: 'create', file: `${base}${ending}`, content: renamed }];
}

function functionsOf(source: string): string[] {
  const found = source.matchAll(/^(?:async\s+)?def\s+(\w+)|^\s*(?:module\.)?exports\.([\w$]+)\s*=|^export\s+(?:async\s+)?(?:const|function)\s+([\w$]+)/gm);
  return [...found].flatMap(([, ...names]) => names.filter((name) => name !== undefined));
}
