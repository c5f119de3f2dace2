import { stat } from 'node:fs/promises';
import path from 'node:path';
import { handlerFile } from '../../task/handler.ts';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import { parseFunctionYaml, parseRuntime, readFunctionYaml } from '../../task/yaml/functionYaml.ts';
import { findFunction } from '../config/findFunction.ts';

/** A Task whose handler is in a file. */
export interface HandlerPlace {
  readonly folder: string;
  /** The name that its folder is deployed as. */
  readonly name: string;
  /** The line of the handler function, from 0. */
  readonly line: number;
}

/** The configuration of the Task that a file belongs to: the nearest one above the file, up to the folder `top`. */
export async function configAbove(file: string, top: string): Promise<string | undefined> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    for (const name of CONFIG_FILES) {
      const config = path.join(folder, name);
      if ((await stat(config).catch(() => undefined))?.isFile()) return config;
    }
    if (folder === top || folder === path.dirname(folder)) return undefined;
  }
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
    const { metadata, spec } = parseFunctionYaml(configText, path.basename(config));
    if (!spec?.runtime || !spec.handler) return undefined;
    const runtime = parseRuntime(spec.runtime, path.basename(config));
    const module = await handlerFile(folder, spec.handler, runtime);
    if (module === undefined || path.join(folder, module) !== file) return undefined;
    const found = findFunction(source, spec.handler.slice(spec.handler.indexOf(':') + 1), runtime.family);
    return found && { folder, name: metadata?.name || path.basename(folder), line: found.line };
  } catch {
    // The faults of a configuration are marked there.
    return undefined;
  }
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
