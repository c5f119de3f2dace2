import type { Stats } from 'node:fs';
import path from 'node:path';
import { NoTaskError } from './errors.ts';
import { listTopLevelFiles } from './taskFiles.ts';
import { isTypeScript, typeScriptAdvice } from './typeScript.ts';
import { findConfig, nearConfig } from './yaml/findConfig.ts';
import { isSourceFile, RUNTIME_OF_FILE } from './yaml/inlineConfig.ts';

const ENDINGS = Object.keys(RUNTIME_OF_FILE).join(', ');

/**
 * Checks that a folder or file can be a Task, before its files are read.
 * @throws NoTaskError
 */
export async function checkTaskSource(source: string, stats: Stats): Promise<void> {
  if (!stats.isDirectory()) {
    if (isSourceFile(source)) return;
    if (isTypeScript(source)) throw new NoTaskError('task', typeScriptAdvice(path.basename(source)));
    const what = `a Task is a folder with function.yaml, or one source file (${ENDINGS})`;
    throw new NoTaskError('task', `${source} is not a Task: ${what}`);
  }
  const files = await listTopLevelFiles(source);
  if (findConfig(files) !== undefined) return;
  const sources = files.filter(isSourceFile);
  const found = sources.length === 0 ? 'no source file' : `${sources.length} source files`;
  const near = nearConfig(files);
  const [typeScript] = files.filter(isTypeScript);
  if (sources.length === 0 && near === undefined && typeScript !== undefined)
    throw new NoTaskError(
      'task',
      `There is no function.yaml in ${path.resolve(source)}, and ${typeScriptAdvice(typeScript)}`,
    );
  throw new NoTaskError(
    'task',
    `There is no function.yaml in ${path.resolve(source)}: ${near === undefined ? 'add one' : `rename ${near}`}. ` +
      `Without it, a Task's folder has exactly one source file (${ENDINGS}), but this one has ${found}`,
  );
}
