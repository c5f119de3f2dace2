import { stat } from 'node:fs/promises';
import path from 'node:path';
import { handlerFile } from '../../task/handler.ts';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import { parseFunctionYaml, parseRuntime, readFunctionYaml } from '../../task/yaml/functionYaml.ts';
import { findFunction } from '../config/findFunction.ts';

/** A Task whose handler is in a file. */
export interface HandlerPlace {
  readonly folder: string;
  /** What its folder is deployed as. */
  readonly name: string;
  /** Of the handler function, from 0. */
  readonly line: number;
}

/** The configuration of the Task that a file lies in: the nearest one above it, not above `top`. */
export async function configAbove(file: string, top: string): Promise<string | undefined> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    for (const name of CONFIG_FILES) {
      const config = path.join(folder, name);
      if ((await stat(config).catch(() => undefined))?.isFile()) return config;
    }
    if (folder === top || folder === path.dirname(folder)) return undefined;
  }
}

/** Where a source file has its Task's handler; undefined where it is none, or cannot be told. */
export async function handlerIn(
  source: string,
  file: string,
  config: string,
  configText: string,
): Promise<HandlerPlace | undefined> {
  const folder = path.dirname(config);
  try {
    const { metadata, spec } = parseFunctionYaml(configText, path.basename(config));
    if (!spec?.runtime || !spec.handler) return undefined;
    const runtime = parseRuntime(spec.runtime, path.basename(config));
    const module = await handlerFile(folder, spec.handler, runtime);
    if (module === undefined || path.join(folder, module) !== file) return undefined;
    const found = findFunction(source, spec.handler.slice(spec.handler.indexOf(':') + 1), runtime.family);
    return found && { folder, name: metadata?.name || path.basename(folder), line: found.line };
  } catch {
    // What is wrong with the configuration is marked there.
    return undefined;
  }
}

/** The line of a function.yaml that says whose it is: metadata, else the first one. And the name. */
export function configPlace(text: string, config: string): HandlerPlace {
  const folder = path.dirname(config);
  const line = text.split('\n').findIndex((one) => /^["']?metadata["']?\s*:/i.test(one));
  let name = path.basename(folder);
  try {
    name = readFunctionYaml(text, path.basename(config)).config.metadata?.name || name;
  } catch {
    // Not written yet, or broken: deploying it says why.
  }
  return { folder, name, line: Math.max(0, line) };
}
