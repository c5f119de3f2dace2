import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isNode, isScalar } from 'yaml';
import { FusionizerError } from '../../shared/errors.ts';
import { ifMissing } from '../../shared/ifMissing.ts';
import { CONFIG_FILES, MAX_BYTES } from './configFile.ts';
import { findConfig } from './findConfig.ts';
import { INLINE_KEY } from './functionYaml.ts';
import { inlineBlock } from './inlineConfig.ts';
import { parseYaml } from './parseYaml.ts';
import { innerOf } from './yamlPlaces.ts';

/**
 * Adds the line to an error about a configuration. The code that throws it after the configuration was read knows only
 * the keys.
 * @param dir the Task's folder
 * @returns the error with its line. It is unchanged if it has a line already or has no keys, or if the Task's
 *   configuration has no such place: the error is about another Task of the group.
 */
export async function withLine(error: unknown, dir: string): Promise<unknown> {
  if (!(error instanceof FusionizerError) || error.keys === undefined || error.line !== undefined) return error;
  const names = await readdir(dir).catch(ifMissing([]));
  // A function.yml beside a function.yaml is not read.
  const found = findConfig(names);
  if (found === undefined) return error;
  const text = await readFile(path.join(dir, found.name), 'utf8').catch(ifMissing(undefined));
  if (text === undefined || text.length > MAX_BYTES) return error;
  const line = found.kind === 'yaml' ? lineOfKeys(text, error.keys) : inlineLine(text, found.name, error.keys);
  if (line === undefined) return error;
  const message = error.message.replace(`${CONFIG_FILES[0]}: `, `${found.name}: `);
  return new FusionizerError(error.code, message, { file: found.name, line, cause: error.cause });
}

/** The line of a value in a source file with an inline configuration. */
function inlineLine(source: string, file: string, keys: readonly string[]): number | undefined {
  const block = inlineBlock(source, path.extname(file));
  const line = block && lineOfKeys(block.text, [INLINE_KEY, ...keys]);
  return block && line && block.line + line;
}

/**
 * The line of a value, from 1; undefined if there is no such value.
 * @param keys the keys from the top; case does not matter, as in Nuclio. For an item of a list, its `name` or a part of
 *   its text, which may continue in the next items. For a part of a text of several lines, the part.
 */
export function lineOfKeys(text: string, keys: readonly string[]): number | undefined {
  const { document, lines } = parseYaml(text);
  let node: unknown = document.contents;
  let place: number | undefined;
  for (const [index, key] of keys.entries()) {
    if (isScalar(node) && node.range) {
      const [from, to] = node.range;
      const at = text.slice(from, to).indexOf(key);
      return at < 0 ? undefined : lines.linePos(from + at).line;
    }
    const [name, value] = innerOf(node, key, keys[index + 1]);
    const at = name ?? value;
    place = isNode(at) ? at.range?.[0] : undefined;
    if (place === undefined) return undefined;
    node = value;
  }
  return place === undefined ? undefined : lines.linePos(place).line;
}
