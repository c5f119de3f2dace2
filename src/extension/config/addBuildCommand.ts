import { isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { INLINE_KEY } from '../../task/yaml/functionYaml.ts';
import { inlineBlock } from '../../task/yaml/inlineConfig.ts';
import { parseYaml } from '../../task/yaml/parseYaml.ts';
import { entryOf, valueAt } from '../../task/yaml/yamlPlaces.ts';

/** Text to insert, and its place in characters. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/**
 * Adds a command at the end of `spec.build.commands`.
 * @param above the keys that the configuration is below: in an inline one, `function.yaml`
 * @returns undefined if the text has no map `spec` to add it to
 */
export function addBuildCommand(text: string, command: string, above: readonly string[] = []): Insertion | undefined {
  const { document } = parseYaml(text);
  const spec = valueAt(document.contents, ...above, 'spec');
  if (document.errors.length > 0 || !isMap(spec)) return undefined;
  const item = JSON.stringify(command);
  const build = entryOf(spec, 'build')?.value;
  if (!isMap(build)) {
    const written = entryOf(spec, 'build');
    if (written !== undefined)
      return behindKey(text, written, (indent) => `${indent}  commands:${indent}    - ${item}`);
    return intoMap(
      text,
      spec,
      `build: {commands: [${item}]}`,
      (indent) => `build:${indent}  commands:${indent}    - ${item}`,
    );
  }
  const commands = entryOf(build, 'commands')?.value;
  if (isSeq(commands)) return intoList(text, commands, item);
  const written = entryOf(build, 'commands');
  if (written !== undefined) return behindKey(text, written, (indent) => `${indent}  - ${item}`);
  return intoMap(text, build, `commands: [${item}]`, (indent) => `commands:${indent}  - ${item}`);
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** The line end and the indentation of what begins at this place. */
function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return `${text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(offset - line)}`;
}

/** The value of a key that has none. A wrong value is left to its author. */
function behindKey(text: string, { key, value }: Pair, block: (indent: string) => string): Insertion | undefined {
  const start = isNode(key) ? startOf(key) : undefined;
  const end = isNode(key) ? key.range?.[1] : undefined;
  if (start === undefined || end === undefined || text[end] !== ':') return undefined;
  if (!isScalar(value) || value.source !== '') return undefined;
  return { offset: end + 1, text: block(indentAt(text, start)) };
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

/** Adds a command in the comment block of a source file. @returns undefined if that has no configuration with `spec` */
export function addInlineBuildCommand(source: string, extension: string, command: string): Insertion | undefined {
  const block = inlineBlock(source, extension);
  const insertion = block && addBuildCommand(block.text, command, [INLINE_KEY]);
  if (block === undefined || insertion === undefined) return undefined;
  const { prefix, line: above } = block;
  const before = block.text.slice(0, insertion.offset).split('\n');
  const lines = source.split('\n').slice(0, above + before.length - 1);
  const start = lines.reduce((sum, one) => sum + one.length + 1, 0);
  const column = prefix.length + (before.at(-1)?.length ?? 0);
  const lineEnd = source.includes('\r\n') ? '\r\n' : '\n';
  return { offset: start + column, text: insertion.text.split(/\r?\n/).join(`${lineEnd}${prefix}`) };
}
