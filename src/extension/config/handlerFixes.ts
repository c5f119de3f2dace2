import path from 'node:path';
import { nearName } from '../../shared/nearName.ts';
import { typeScriptFile, withoutEnding } from '../../task/handler.ts';
import { HANDLER_FILES, templateOf } from '../../task/templates.ts';
import type { Runtime } from '../../task/yaml/functionYaml.ts';
import { valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { Fix } from './configProblem.ts';
import { type FolderHandler, familyOf, moduleOf, sourceFiles } from './folderHandlers.ts';

/** How many handlers quick fixes offer. */
const MOST = 3;

/** The runtime that a Task has, and the functions of all runtimes in its folder. */
export interface HandlersFor {
  readonly runtime: Runtime;
  readonly all: readonly FolderHandler[];
}

/**
 * Quick fixes for a handler that is not there. Functions that the folder has come before a new file, which is only
 * offered if no function of that name is anywhere.
 * @param written `spec.handler`; undefined if it is missing
 */
export async function handlerFixes(
  checked: Checked,
  written: string | undefined,
  { runtime, all }: HandlersFor,
): Promise<Fix[]> {
  const { folder, text } = checked;
  const node = valueAt(text.root, 'spec', 'handler');
  const ending = written === undefined ? undefined : withoutEnding(written, runtime);
  const own = all.filter((one) => one.runtime === runtime.family);
  if (ending !== undefined && own.some(({ handler }) => handler === ending)) return [text.replacement(node, ending)];
  if (written === undefined) return insertions(checked, usableHandlers(all, runtime), runtime);
  const meant = meantHandlers(written, own);
  if (meant.length > 0) return meant.slice(0, MOST).map((handler) => text.replacement(node, handler));
  const other = all.find(({ handler, runtime: family }) => handler === written && family !== runtime.family);
  if (other !== undefined) return [runtimeFix(checked, other)];
  if (ending !== undefined) return [text.replacement(node, ending)];
  if ((await typeScriptFile(folder, written, runtime)) !== undefined) return [];
  return creation(written, runtime);
}

/**
 * The handlers that a wrong one may stand for: those of the same name in other files, then those with a near name, then
 * the only ones that there are.
 */
export function meantHandlers(written: string, handlers: readonly FolderHandler[]): string[] {
  const text = written.trim().replace(/\(.*\)$/, '');
  const [, module, name] = /^(.*?)(?:\.(?:py|[cm]?js))?[:.#]+([^:.#/\\]+)$/.exec(text) ?? [undefined, text, ''];
  const modules = [...new Set(handlers.map(({ handler }) => handler.slice(0, handler.indexOf(':'))))];
  const near = module === undefined ? undefined : nearName(module.replace(/\.(?:py|[cm]?js)$/, ''), modules);
  const inModule = handlers.filter(({ handler }) => near !== undefined && handler.startsWith(`${near}:`));
  const nearest = nearName(
    name ?? '',
    inModule.map((one) => one.name),
  );
  const likely = (ones: readonly FolderHandler[]): FolderHandler[] => ones.filter((one) => one.likely);
  const found = [
    ...inModule.filter((one) => one.name === name),
    ...handlers.filter((one) => one.name === name),
    ...inModule.filter((one) => one.name === nearest),
    ...(near === undefined ? [] : likely(inModule)),
    ...(nearest === undefined && !handlers.some((one) => one.name === name) && isMalformed(text)
      ? likely(handlers)
      : []),
  ];
  return [...new Set(found.map(({ handler }) => handler))].filter((handler) => handler !== written);
}

const isMalformed = (text: string): boolean => !/^[^:\s]+:[^:\s]+$/.test(text);

/** The functions that a missing handler may name, the most likely first. */
export function usableHandlers(all: readonly FolderHandler[], { family }: Runtime): FolderHandler[] {
  const own = all.filter(({ runtime }) => runtime === family);
  const likely = own.filter((one) => one.likely);
  return likely.length > 0 ? likely : own;
}

async function insertions(
  { folder, text }: Checked,
  found: readonly FolderHandler[],
  runtime: Runtime,
): Promise<Fix[]> {
  const insert = (handler: string): Fix[] => {
    const fix = text.insertionInto(['spec'], `handler: ${handler}`);
    return fix === undefined ? [] : [fix];
  };
  if (found.length > 0) return found.slice(0, MOST).flatMap(({ handler }) => insert(handler));
  const files = await sourceFiles(folder);
  const sources = files.filter((file) => familyOf(file) === runtime.family);
  // A new file only where nothing is that could get the function.
  return sources.length > 0
    ? sources.slice(0, MOST).flatMap((file) => insert(`${moduleOf(file, files)}:handler`))
    : creation('main:handler', runtime);
}

/** The handler is right, and the runtime is not. */
function runtimeFix({ text }: Checked, { runtime }: FolderHandler): Fix {
  const fix = text.replacement(valueAt(text.root, 'spec', 'runtime'), runtime);
  return fix.kind === 'replace' ? { ...fix, as: 'runtime' } : fix;
}

/** Creates the module's file with a handler that answers. */
function creation(handler: string, runtime: Runtime): Fix[] {
  const [, module, name] = /^([\w\-./\\]+):([\w$]+)$/.exec(handler) ?? [];
  if (module === undefined || name === undefined || module.startsWith('/') || module.includes('..')) return [];
  const kind = HANDLER_FILES[runtime.family];
  const ending = path.extname(kind);
  const base =
    runtime.family === 'python' ? module.replaceAll('.', '/') : module.replaceAll('\\', '/').replace(/\.[cm]?js$/, '');
  const content = templateOf({ runtime: runtime.family, kind: 'plain' }, 'task')[kind] ?? '';
  const renamed = content.replace(/def handler|exports\.handler/, (found) => found.replace('handler', name));
  return [{ kind: 'create', file: `${base}${ending}`, content: renamed }];
}
