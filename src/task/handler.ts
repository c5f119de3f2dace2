import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';
import { type FunctionConfig, placed, type Runtime } from './yaml/functionYaml.ts';

/**
 * Checks the form of `spec.handler` and that its file exists, so that a typo is reported before anything starts.
 * @returns the handler; if it is not given, a usual one whose file exists
 * @throws FusionizerError `task`
 */
export async function checkHandler(
  dir: string,
  name: string,
  handler: string | undefined,
  config: FunctionConfig,
  runtime: Runtime,
  place: { file: string; line?: number | undefined },
): Promise<string> {
  const at = placed(place.file, place.line);
  const example =
    runtime.family === 'python'
      ? 'main:handler for a function handler in main.py'
      : 'main:handler for exports.handler in main.js';
  if (handler === undefined || handler === '') {
    const candidates = [`${name}:handler`, 'main:handler', 'handler:handler'];
    for (const candidate of candidates) {
      if ((await handlerFile(dir, candidate, runtime)) !== undefined) return candidate;
    }
    throw new FusionizerError('task', `${at}: spec.handler is missing: write ${example}`, place);
  }
  const form = runtime.family === 'python' ? /^[\w-]+(\.[\w-]+)*:\w+$/ : /^([\w\-./\\]+:)?[\w$]+$/;
  if (!form.test(handler))
    throw new FusionizerError('task', `${at}: spec.handler '${handler}' is malformed: write ${example}`, place);
  // With build commands, the module may come from a package. Then only the start of the function can check it.
  const installs = (config.spec?.build?.commands ?? []).length > 0;
  if (!installs && (await handlerFile(dir, handler, runtime)) === undefined) {
    const module = handler.includes(':') ? handler.slice(0, handler.indexOf(':')) : 'handler';
    const inside = !/^[/\\]|\.\./.test(module);
    const wanted =
      runtime.family === 'python' ? `${module.replaceAll('.', '/')}.py` : `${module.replace(/\.js$/, '')}.js`;
    const advice = inside ? `add ${wanted}, or write` : 'write';
    const message =
      `${at}: spec.handler is '${handler}', but the Task has no module '${module}': ` +
      `${advice} the module that has the handler`;
    throw new FusionizerError('task', message, place);
  }
  return handler;
}

/** The path of a handler's source file relative to the Task's folder; undefined if there is none. */
export async function handlerFile(dir: string, handler: string, runtime: Runtime): Promise<string | undefined> {
  const module = handler.includes(':') ? handler.slice(0, handler.indexOf(':')) : 'handler';
  const base = runtime.family === 'python' ? module.replaceAll('.', '/') : module.replaceAll('\\', '/');
  const endings =
    runtime.family === 'python'
      ? ['.py', '/__init__.py', '.pyc']
      : ['', '.js', '.cjs', '.mjs', '/index.js', '.json', '.node'];
  for (const ending of endings) {
    const candidate = path.join(dir, base + ending);
    const inside = path.relative(dir, candidate);
    if (inside.startsWith('..')) continue;
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isFile()) return inside.split(path.sep).join('/');
  }
  return undefined;
}
