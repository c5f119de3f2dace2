import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import { parseInlineConfig, RUNTIME_OF_FILE } from '../../task/yaml/inlineConfig.ts';
import type { ConfigGuess } from './guessConfig.ts';

/**
 * What a server guesses of a folder that has no configuration, neither function.yaml nor an inline one: as Nuclio does,
 * out of its only source file.
 * @param source a folder, or a source file by itself, which needs no configuration
 * @returns undefined where there is a configuration, or nothing that can be guessed: the deploy says so
 * @throws FusionizerError for an inline configuration that cannot be read
 */
export async function guessedBySource(source: string): Promise<ConfigGuess | undefined> {
  if (!(await stat(source)).isDirectory()) return undefined;
  const files = await listTopLevelFiles(source);
  if (files.includes('function.yaml') || files.includes('function.yml')) return undefined;
  const [file, ...others] = files.filter((name) => path.extname(name) in RUNTIME_OF_FILE);
  if (file === undefined || others.length > 0) return undefined;
  const { name, ext } = path.parse(file);
  if (parseInlineConfig(await readFile(path.join(source, file), 'utf8'), file, ext) !== undefined) return undefined;
  return { runtime: ext === '.py' ? 'python' : 'nodejs', handler: `${name}:handler`, file };
}
