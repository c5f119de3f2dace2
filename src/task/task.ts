import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { TASK_NAME } from '../shared/api.ts';
import { FusionizerError } from '../shared/errors.ts';
import { CONFIG_FILES, configText } from './yaml/configFile.ts';
import { type FunctionConfig, parseRuntime, placed, type Runtime, readFunctionYaml } from './yaml/functionYaml.ts';
import { RUNTIME_OF_FILE, readInlineConfig } from './yaml/inlineConfig.ts';

/** One deployed version of a Task. Immutable: a redeploy makes a new one. */
export interface Task {
  readonly name: string;
  /** Counts the deploys of this name, from 1. */
  readonly version: number;
  /** The folder with its files; nothing is written to it. */
  readonly dir: string;
  /** sha-256 over sorted paths and contents, hex. */
  readonly hash: string;
  readonly source: string | null;
  readonly deployedAt: string;
  readonly config: FunctionConfig;
  /** `module:function`, never empty. */
  readonly handler: string;
  readonly runtimeName: string;
  readonly runtime: Runtime;
}

export interface TaskDefinition {
  config: FunctionConfig;
  handler: string;
  runtimeName: string;
  runtime: Runtime;
}

/** A Task's name that is near to a text; undefined where nothing of it can be used. */
export function suggestTaskName(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return name === '' ? undefined : name;
}

/** @throws FusionizerError `malformed`, with a name that would do */
export function checkTaskName(name: string): void {
  if (TASK_NAME.test(name)) return;
  const suggestion = suggestTaskName(name);
  const hint = suggestion === undefined ? '' : `, such as '${suggestion}'`;
  throw new FusionizerError(
    'malformed',
    `${JSON.stringify(name)} cannot be a Task's name: use lowercase letters, digits and '-', starting with a letter, at most 40 characters${hint}`,
  );
}

/** Of a file that is read for its configuration, in bytes. */
const MAX_SOURCE = 16 * 1024 ** 2;

/**
 * Reads what a Task's folder says about itself: function.yaml, or the inline configuration of its only source file.
 * @throws FusionizerError `task` with file and line
 */
export async function readTaskDefinition(dir: string, name: string): Promise<TaskDefinition> {
  const files = (await readdir(dir, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  const file = CONFIG_FILES.find((candidate) => files.includes(candidate));
  if (file !== undefined) {
    const yaml = readFunctionYaml(configText(await readSource(dir, file), file), file);
    const config = yaml.checked();
    const runtimeLine = yaml.lineOf('spec', 'runtime');
    if (!config.spec?.runtime) {
      const message = `${placed(file, runtimeLine)}: spec.runtime is missing: write 'runtime: python' or 'runtime: nodejs'`;
      throw new FusionizerError('task', message, { file, line: runtimeLine });
    }
    const runtime = parseRuntime(config.spec.runtime, file, runtimeLine);
    const place = { file, line: yaml.lineOf('spec', 'handler') };
    return {
      config,
      runtime,
      runtimeName: config.spec.runtime,
      handler: await checkHandler(dir, name, config.spec.handler, config, runtime, place),
    };
  }
  const [source, ...others] = files.filter((candidate) => path.extname(candidate) in RUNTIME_OF_FILE);
  if (source === undefined || others.length > 0) {
    const found = files.length === 0 ? 'no files at its top level' : `${files.slice(0, 5).join(', ')}`;
    throw new FusionizerError(
      'task',
      `There is no function.yaml at the top level of the zip (it holds ${found}): zip the files inside the Task's folder, not the folder`,
    );
  }
  const extension = path.extname(source);
  const inline = readInlineConfig((await readSource(dir, source)).toString('utf8'), source, extension);
  const config = inline?.checked() ?? {};
  const runtimeName = config.spec?.runtime ?? RUNTIME_OF_FILE[extension] ?? '';
  const runtime = parseRuntime(runtimeName, source, inline?.lineOf('spec', 'runtime'));
  // Nuclio: without a handler, a file main.py has main:handler.
  const handler = config.spec?.handler ?? `${path.basename(source, extension)}:handler`;
  return {
    config,
    runtime,
    runtimeName,
    handler: await checkHandler(dir, name, handler, config, runtime, {
      file: source,
      line: inline?.lineOf('spec', 'handler'),
    }),
  };
}

async function readSource(dir: string, file: string): Promise<Buffer> {
  const { size } = await stat(path.join(dir, file));
  if (size <= MAX_SOURCE) return await readFile(path.join(dir, file));
  throw new FusionizerError(
    'task',
    `${file} is larger than ${MAX_SOURCE / 1024 ** 2} MiB, too large to look for configuration in it: add a small function.yaml`,
    {
      file,
    },
  );
}

/** Checks the form of `spec.handler` and that its file is there, so that a typo is told before anything starts. */
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
  // With build commands the module may come from a package; the start of the function tells.
  const installs = (config.spec?.build?.commands ?? []).length > 0;
  if (!installs && (await handlerFile(dir, handler, runtime)) === undefined) {
    const module = handler.includes(':') ? handler.slice(0, handler.indexOf(':')) : 'handler';
    const inside = !/^[/\\]|\.\./.test(module);
    const wanted =
      runtime.family === 'python' ? `${module.replaceAll('.', '/')}.py` : `${module.replace(/\.js$/, '')}.js`;
    const advice = inside ? `add ${wanted}, or write` : 'write';
    const message = `${at}: spec.handler is '${handler}', but the Task has no module '${module}': ${advice} the module that has the handler`;
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
