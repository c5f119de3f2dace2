import type { Stats } from 'node:fs';
import path from 'node:path';
import { NoTaskError } from '../client/errors.ts';
import { listTopLevelFiles } from './taskFiles.ts';
import { RUNTIME_OF_FILE } from './yaml/inlineConfig.ts';

const ENDINGS = Object.keys(RUNTIME_OF_FILE).join(', ');
const isSource = (file: string): boolean => path.extname(file) in RUNTIME_OF_FILE;

/**
 * Looks whether a folder or file can be a Task at all, before its files are read.
 * @throws NoTaskError
 */
export async function checkTaskSource(source: string, stats: Stats): Promise<void> {
  if (!stats.isDirectory()) {
    if (isSource(source)) return;
    throw new NoTaskError(
      'task',
      `${source} is no Task: a Task is a folder with function.yaml, or one source file (${ENDINGS})`,
    );
  }
  const files = await listTopLevelFiles(source);
  if (files.includes('function.yaml') || files.includes('function.yml')) return;
  const sources = files.filter(isSource);
  if (sources.length === 1) return;
  const found = sources.length === 0 ? 'no source file' : `${sources.length} source files`;
  throw new NoTaskError(
    'task',
    `There is no function.yaml in ${path.resolve(source)}; without one, a Task's folder has exactly one source file (${ENDINGS}), this has ${found}`,
  );
}
