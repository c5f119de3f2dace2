import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isNode } from 'yaml';
import { FusionizerError } from '../../shared/errors.ts';
import { ifMissing } from '../../shared/ifMissing.ts';
import { CONFIG_FILES } from './configFile.ts';
import { parseYaml } from './parseYaml.ts';
import { innerOf } from './yamlPlaces.ts';

/**
 * A fault in a configuration that was found after it was read gets its line: what throws it knows keys only.
 * @param dir the Task's folder
 * @returns the error with its line; as it came where it has one, has no keys, or the Task's function.yaml has no such
 *   place (it is another Task's of the group, or inline configuration)
 */
export async function withLine(error: unknown, dir: string): Promise<unknown> {
  if (!(error instanceof FusionizerError) || error.keys === undefined || error.line !== undefined) return error;
  for (const file of CONFIG_FILES) {
    const text = await readFile(path.join(dir, file), 'utf8').catch(ifMissing(undefined));
    const line = text === undefined ? undefined : lineOfKeys(text, error.keys);
    if (line !== undefined) return new FusionizerError(error.code, error.message, { file, line, cause: error.cause });
  }
  return error;
}

/**
 * The line where a value stands, from 1; undefined where there is none.
 * @param keys from the top, without regard to case, as Nuclio has it; in a list, the text (or the `name`) of the item
 *   that is meant
 */
export function lineOfKeys(text: string, keys: readonly string[]): number | undefined {
  const { document, lines } = parseYaml(text);
  let node: unknown = document.contents;
  let place: number | undefined;
  for (const key of keys) {
    const [name, value] = innerOf(node, key);
    const at = name ?? value;
    place = isNode(at) ? at.range?.[0] : undefined;
    if (place === undefined) return undefined;
    node = value;
  }
  return place === undefined ? undefined : lines.linePos(place).line;
}
