import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import type { TaskFolder } from '../setup/rows.ts';

/** Longer ones are read whole a moment later. */
const LOOKED_AT = 16 * 1024;
const NAME = /^metadata:[ \t]*\r?\n(?:[ \t].*\r?\n|\r?\n)*?[ \t]+name:[ \t]*["']?([\w-]+)["']?[ \t]*(?:#.*)?\r?$/m;
const RUNTIME = /^[ \t]+runtime:[ \t]*["']?([\w:.]+)["']?[ \t]*(?:#.*)?\r?$/m;

/**
 * What a Task folder is likely called, and its runtime, by a look at its function.yaml as people write it: YAML itself
 * takes a hundred times as long, and so does loading it. What it misses comes with `readTaskFolder`, which the view
 * need not wait for.
 */
export function firstLook(folder: string): TaskFolder {
  const text = textOf(folder).slice(0, LOOKED_AT);
  return {
    path: folder,
    name: NAME.exec(text)?.[1] ?? path.basename(folder),
    runtime: RUNTIME.exec(text)?.[1],
    hash: undefined,
    problem: undefined,
  };
}

function textOf(folder: string): string {
  for (const name of CONFIG_FILES) {
    try {
      return readFileSync(path.join(folder, name), 'utf8');
    } catch {
      // Gone, or unreadable: the reading that follows says so.
    }
  }
  return '';
}
