import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { checkTaskName, suggestTaskName } from '../../task/taskName.ts';
import { spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { ConfigProblem, Fix } from './configProblem.ts';

/** Checks the name that the Task is deployed as: metadata.name, else the folder's name. */
export function nameProblems({ text, yaml, folder, defaults }: Checked): ConfigProblem[] {
  if (!yaml.isSound('metadata', 'name')) return [];
  const configured = yaml.config.metadata?.name || undefined;
  // A source file by itself is deployed by its own name, and one in a folder by that of the folder.
  if (configured === undefined && defaults !== undefined) return [];
  const name = configured ?? path.basename(folder);
  try {
    checkTaskName(name);
    return [];
  } catch (error) {
    const suggestion = suggestTaskName(name);
    if (configured !== undefined) {
      const node = valueAt(text.root, 'metadata', 'name');
      const fixes: Fix[] = suggestion === undefined ? [] : [text.replacement(node, suggestion)];
      return [text.problem(spanOf(node), 'error', 'name', messageOf(error), fixes)];
    }
    const message = `${messageOf(error)} (it is the folder's name): write another one as metadata.name`;
    const fix = text.insertionInto(['metadata'], `name: ${suggestion ?? 'task'}`);
    return [text.problem(undefined, 'error', 'name', message, fix === undefined ? [] : [fix])];
  }
}
