import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import { resolvePlain } from '../../task/yaml/goScalar.ts';
import type { TaskFolder } from '../setup/rows.ts';

/** Characters that are searched. Longer files are read as a whole a moment later. */
const LOOKED_AT = 16 * 1024;
const NAME = /^metadata:[ \t]*\r?\n(?:[ \t].*\r?\n|\r?\n)*?[ \t]+name:[ \t]*(["']?)([\w-]+)\1[ \t]*(?:#.*)?\r?$/m;
const RUNTIME = /^[ \t]+runtime:[ \t]*["']?([\w:.]+)["']?[ \t]*(?:#.*)?\r?$/m;

/**
 * The probable name and runtime of a Task folder, found by regular expressions in its function.yaml. Parsing YAML and
 * loading the parser take a hundred times as long each. `readTaskFolder` corrects the result later, while the view is
 * shown already.
 */
export function firstLook(folder: string): TaskFolder {
  const text = textOf(folder).slice(0, LOOKED_AT);
  return {
    path: folder,
    name: nameIn(text) || path.basename(folder),
    runtime: RUNTIME.exec(text)?.[1],
    hash: undefined,
    problem: undefined,
  };
}

/** The name that is written, as Nuclio reads it: `no` without quotes is a boolean of YAML 1.1. */
function nameIn(text: string): string | undefined {
  const [, quote, written] = NAME.exec(text) ?? [];
  if (quote !== '' || written === undefined) return written;
  const value = resolvePlain(written);
  return typeof value === 'string' ? value : value.text;
}

function textOf(folder: string): string {
  for (const name of CONFIG_FILES) {
    try {
      return readFileSync(path.join(folder, name), 'utf8');
    } catch {
      // Missing or unreadable: readTaskFolder reports it.
    }
  }
  return '';
}
