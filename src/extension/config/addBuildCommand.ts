import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { parseYaml } from '../../task/yaml/parseYaml.ts';
import { entryOf, valueAt } from '../../task/yaml/yamlPlaces.ts';

/** Text to insert, and its place in characters. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/**
 * Adds a command at the end of `spec.build.commands`.
 * @returns undefined if the text has no map `spec` to add it to
 */
export function addBuildCommand(text: string, command: string): Insertion | undefined {
  const { document } = parseYaml(text);
  const spec = valueAt(document.contents, 'spec');
  if (document.errors.length > 0 || !isMap(spec)) return undefined;
  const item = JSON.stringify(command);
  const build = entryOf(spec, 'build')?.value;
  if (!isMap(build)) {
    // A build that is empty or wrong is left to its author.
    if (entryOf(spec, 'build') !== undefined) return undefined;
    return intoMap(
      text,
      spec,
      `build: {commands: [${item}]}`,
      (indent) => `build:${indent}  commands:${indent}    - ${item}`,
    );
  }
  const commands = entryOf(build, 'commands')?.value;
  if (isSeq(commands)) return intoList(text, commands, item);
  if (entryOf(build, 'commands') !== undefined) return undefined;
  return intoMap(text, build, `commands: [${item}]`, (indent) => `commands:${indent}  - ${item}`);
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** The line end and the indentation of what begins at this place. */
function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return `${text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(offset - line)}`;
}

/** A new first entry: in braces on one line, else on lines of its own. */
function intoMap(text: string, map: YAMLMap, flow: string, block: (indent: string) => string): Insertion {
  const start = startOf(map);
  if (map.flow) return { offset: start + 1, text: map.items.length === 0 ? flow : `${flow}, ` };
  const indent = indentAt(text, start);
  return { offset: start, text: `${block(indent)}${indent}` };
}

/** A new last item. */
function intoList(text: string, list: YAMLSeq, item: string): Insertion | undefined {
  const [last] = list.items.slice(-1) as Node[];
  const end = last?.range?.[1];
  if (list.flow) {
    const place = (list.range?.[1] ?? 0) - 1;
    return end === undefined ? { offset: place, text: item } : { offset: end, text: `, ${item}` };
  }
  if (last === undefined || end === undefined) return undefined;
  // A block scalar ends with its line.
  const offset = text[end - 1] === '\n' ? end - 1 : end;
  return { offset, text: `${indentAt(text, startOf(list))}- ${item}` };
}
