import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { checkTaskName, suggestTaskName } from '../../core/task.ts';
import type { Checked } from './checkConfig.ts';
import { entryOf, spanOf, valueAt } from './configText.ts';
import type { ConfigProblem, Fix } from './problem.ts';

/** The name that the Task is deployed as: metadata.name, else the folder's. */
export function checkName({ text, config, folder }: Checked): ConfigProblem[] {
  const configured = config.metadata?.name || undefined;
  const name = configured ?? path.basename(folder);
  try {
    checkTaskName(name);
    return [];
  } catch (error) {
    const suggestion = suggestTaskName(name);
    if (configured !== undefined) {
      const fixes: Fix[] = suggestion === undefined ? [] : [{ kind: 'replace', text: suggestion }];
      return [text.problem(spanOf(valueAt(text.root, 'metadata', 'name')), 'error', 'name', messageOf(error), fixes)];
    }
    const message = `${messageOf(error)} (it is the folder's name): write another one as metadata.name`;
    return [text.problem(undefined, 'error', 'name', message, [insertion(text.root, suggestion ?? 'task', (offset) => text.lineOf(offset))])];
  }
}

function insertion(root: unknown, name: string, lineOf: (offset: number) => number): Fix {
  const key = spanOf(entryOf(root, 'metadata')?.key);
  if (key === undefined) return { kind: 'insert', line: 0, text: `metadata:\n  name: ${name}\n` };
  return { kind: 'insert', line: lineOf(key[0]) + 1, text: `  name: ${name}\n` };
}
