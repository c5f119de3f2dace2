import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { handlerFile } from '../../task/handler.ts';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import { findConfig } from '../../task/yaml/findConfig.ts';
import { filesAtTop } from '../../task/yaml/folderConfig.ts';
import {
  type FunctionConfig,
  parseFunctionYaml,
  parseRuntime,
  type Runtime,
  readFunctionYaml,
} from '../../task/yaml/functionYaml.ts';
import { hasInlineConfig, readInlineConfig, sourceDefaults } from '../../task/yaml/inlineConfig.ts';
import { type FoundFunction, findFunction } from '../config/findFunction.ts';
import { reexportsOf } from './reexports.ts';

/** A Task whose handler is in a file. */
export interface HandlerPlace {
  readonly folder: string;
  /** The name that its folder is deployed as. */
  readonly name: string;
  /** The line of the handler function, from 0. */
  readonly line: number;
}

/**
 * The configuration of the Task that a file belongs to: the nearest one above the file, up to the folder `top`; else
 * the file itself, if it may have an inline one, because it is the only source file of its folder.
 */
export async function configAbove(file: string, top: string): Promise<string | undefined> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    for (const name of CONFIG_FILES) {
      const config = path.join(folder, name);
      if ((await stat(config).catch(() => undefined))?.isFile()) return config;
    }
    if (folder === top || folder === path.dirname(folder)) break;
  }
  const names = await filesAtTop(path.dirname(file)).catch(() => []);
  return findConfig(names)?.name === path.basename(file) ? file : undefined;
}

/** The place of a Task's handler in a source file; undefined if it is not there or not found. */
export async function handlerIn(
  source: string,
  file: string,
  config: string,
  configText: string,
): Promise<HandlerPlace | undefined> {
  const folder = path.dirname(config);
  try {
    const { metadata, spec } =
      config === file ? inlineOf(source, file) : parseFunctionYaml(configText, path.basename(config));
    if (!spec?.runtime || !spec.handler) return undefined;
    const runtime = parseRuntime(spec.runtime, path.basename(config));
    const module = await handlerFile(folder, spec.handler, runtime);
    const name = spec.handler.slice(spec.handler.indexOf(':') + 1);
    const found = module && (await follow({ source, file, folder, runtime }, path.join(folder, module), name));
    return found ? { folder, name: metadata?.name || path.basename(folder), line: found.line } : undefined;
  } catch {
    // The faults of a configuration are marked there.
    return undefined;
  }
}

/** The inline configuration of a source file, with what a deploy adds to it; empty if there is none. */
function inlineOf(source: string, file: string): FunctionConfig {
  const { base, ext } = path.parse(file);
  if (!hasInlineConfig(source, ext)) return {};
  const config = readInlineConfig(source, base, ext)?.checked();
  const usual = sourceDefaults(file);
  const runtime = config?.spec?.runtime || usual.runtime;
  return { ...config, spec: { ...config?.spec, runtime, handler: config?.spec?.handler || usual.handler } };
}

/** How often a handler may be imported from another file. */
const MOST_STEPS = 4;

interface Searched {
  readonly source: string;
  readonly file: string;
  readonly folder: string;
  readonly runtime: Runtime;
}

/** Finds a function in the searched file, if the module has it or has it from there. */
async function follow(
  searched: Searched,
  module: string,
  name: string,
  steps = MOST_STEPS,
): Promise<FoundFunction | undefined> {
  const { source, file, folder, runtime } = searched;
  const text = module === file ? source : await readFile(module, 'utf8').catch(() => '');
  const own = findFunction(text, name, runtime.family);
  if (module === file && own) return own;
  if (steps === 0) return undefined;
  for (const { module: written, name: theirs } of reexportsOf(text, name, runtime.family)) {
    const next = await fileOf(written, module, folder, runtime);
    const found = next && next !== module ? await follow(searched, next, theirs, steps - 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The file of a module that another one names; undefined if it is not one of the Task. */
async function fileOf(written: string, from: string, folder: string, runtime: Runtime): Promise<string | undefined> {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(written) ?? [];
  const isPython = runtime.family === 'python';
  const start =
    isPython && dots === ''
      ? folder
      : path.join(path.dirname(from), ...Array<string>(Math.max(0, dots.length - 1)).fill('..'));
  const module = isPython ? rest.replaceAll('.', '/') : written;
  const base = path.relative(folder, path.resolve(isPython ? start : path.dirname(from), module));
  const found = await handlerFile(folder, `${isPython ? base.split(path.sep).join('.') : base}:x`, runtime);
  return found && path.join(folder, found);
}

/** The place of the lenses in a function.yaml: the line of metadata, else the first line. */
export function lensPlace(text: string, config: string): HandlerPlace {
  const folder = path.dirname(config);
  const named = path.basename(folder);
  try {
    const yaml = readFunctionYaml(text, path.basename(config));
    return { folder, name: yaml.config.metadata?.name || named, line: (yaml.exactLineOf('metadata') ?? 1) - 1 };
  } catch {
    // Not complete, or with a fault that the deploy reports.
    return { folder, name: named, line: 0 };
  }
}
