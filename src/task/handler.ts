import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';
import { isTypeScript, typeScriptAdvice } from './typeScript.ts';
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
  const refuse = (why: string): never => {
    throw new FusionizerError('task', `${at}: ${why}`, place);
  };
  const typeScript = await typeScriptFault(dir, name, handler, config, runtime);
  if (typeScript !== undefined) return refuse(typeScript);
  if (handler === undefined || handler === '') {
    for (const candidate of usualHandlers(name)) {
      if ((await handlerFile(dir, candidate, runtime)) !== undefined) return candidate;
    }
    return refuse(`spec.handler is missing: write ${await exampleHandler(dir, runtime)}`);
  }
  const form = runtime.family === 'python' ? PYTHON_HANDLER : /^([\w\-./\\]+:)?[\w$]+$/;
  if (!form.test(handler))
    return refuse(`spec.handler '${handler}' is malformed: write ${await exampleHandler(dir, runtime)}`);
  const file = await handlerFile(dir, handler, runtime);
  const meant = withoutEnding(handler, runtime);
  if (file === undefined && meant !== undefined)
    return refuse(`spec.handler is '${handler}', but Python's modules are named without .py: write ${meant}`);
  if (file === undefined && !installs(config)) {
    const module = moduleOf(handler);
    const inside = !/^[/\\]|\.\./.test(module);
    const elsewhere = codeElsewhere(config);
    const wanted =
      runtime.family === 'python' ? `${module.replaceAll('.', '/')}.py` : `${module.replace(/\.js$/, '')}.js`;
    const advice = inside ? `add ${wanted}, or write` : 'write';
    return refuse(
      `spec.handler is '${handler}', but the Task has no module '${module}': ` +
        (inside && elsewhere !== undefined
          ? `${elsewhere}, so write the code into ${wanted}`
          : `${advice} the module that has the handler`),
    );
  }
  return handler;
}

/** Where only Nuclio's builder finds the code; undefined if it is in the Task's folder. Exported functions have it. */
function codeElsewhere({ spec }: FunctionConfig): string | undefined {
  const { functionSourceCode: code, codeEntryType: type } = spec?.build ?? {};
  if (typeof code === 'string' && code !== '')
    return 'the embedded platform does not read spec.build.functionSourceCode, which holds it in base64';
  return typeof type === 'string' && type !== '' && type !== 'sourceCode'
    ? `the embedded platform does not load code of the type ${type} (spec.build.codeEntryType)`
    : undefined;
}

/** What may be written as handler: a function of the folder's first source file. */
async function exampleHandler(dir: string, { family }: Runtime): Promise<string> {
  const [form, usual] =
    family === 'python' ? [/^[\p{L}_][\p{L}\p{N}_]*\.py$/u, 'main.py'] : [/^[\w-]+\.js$/, 'main.js'];
  const files = await readdir(dir).catch(() => []);
  const sources = files.filter((file) => form.test(file) && !TEST_FILE.test(file)).sort();
  const file = sources.includes(usual) ? usual : (sources[0] ?? usual);
  const what = family === 'python' ? 'a function handler' : 'exports.handler';
  return `${path.parse(file).name}:handler for ${what} in ${file}`;
}

const TEST_FILE = /^(test_.*|conftest|setup|__init__)\.py$|[._-](test|spec|config)\.js$/;

/** The handlers that are tried if none is given. */
const usualHandlers = (name: string): string[] => [`${name}:handler`, 'main:handler', 'handler:handler'];

/** Whether the module may come from a package. Then only the start of the function can check it. */
const installs = (config: FunctionConfig): boolean => (config.spec?.build?.commands ?? []).length > 0;

/** What is wrong if a handler is in TypeScript; undefined if it is not. */
export async function typeScriptFault(
  dir: string,
  name: string,
  handler: string | undefined,
  config: FunctionConfig,
  runtime: Runtime,
): Promise<string | undefined> {
  const handlers = handler ? [handler] : usualHandlers(name);
  for (const one of handlers) {
    const file = await handlerFile(dir, one, runtime);
    if (file !== undefined && !isTypeScript(file)) return undefined;
    const source = await typeScriptFile(dir, one, runtime);
    if (source === undefined || (file === undefined && installs(config))) continue;
    return handler ? `spec.handler is '${handler}', but ${typeScriptAdvice(source)}` : typeScriptAdvice(source);
  }
  return undefined;
}

/** The form that Nuclio's Python wrapper asks for. Python's names have letters of any language. */
const PYTHON_HANDLER = /^[\p{L}\p{N}_|-]+(\.[\p{L}\p{N}_|-]+)*:[\p{L}\p{N}_]+$/u;

const moduleOf = (handler: string): string =>
  handler.includes(':') ? handler.slice(0, handler.indexOf(':')) : 'handler';

/** `main:handler` for `main.py:handler`, which Nuclio takes for the module `py` in a package `main`; else undefined. */
export function withoutEnding(handler: string, runtime: Runtime): string | undefined {
  return runtime.family === 'python' && /\.py:/.test(handler) ? handler.replace('.py:', ':') : undefined;
}

/** The path of a handler's source file relative to the Task's folder; undefined if there is none. */
export async function handlerFile(dir: string, handler: string, runtime: Runtime): Promise<string | undefined> {
  const module = moduleOf(handler);
  const base = runtime.family === 'python' ? module.replaceAll('.', '/') : module.replaceAll('\\', '/');
  return firstFile(
    dir,
    base,
    runtime.family === 'python'
      ? ['.py', '/__init__.py', '.pyc']
      : ['', '.js', '.cjs', '.mjs', '/index.js', '.json', '.node'],
  );
}

/** The path of the TypeScript file that a handler is in, or may be compiled from; undefined if there is none. */
export async function typeScriptFile(dir: string, handler: string, runtime: Runtime): Promise<string | undefined> {
  if (runtime.family === 'python') return undefined;
  const module = moduleOf(handler).replaceAll('\\', '/');
  if (isTypeScript(module)) return firstFile(dir, module, ['']);
  return firstFile(dir, module.replace(/\.[cm]?js$/, ''), ['.ts', '.mts', '.cts', '.tsx', '/index.ts']);
}

async function firstFile(dir: string, base: string, endings: readonly string[]): Promise<string | undefined> {
  for (const ending of endings) {
    const candidate = path.join(dir, base + ending);
    const inside = path.relative(dir, candidate);
    if (inside.startsWith('..')) continue;
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isFile()) return inside.split(path.sep).join('/');
  }
  return undefined;
}
