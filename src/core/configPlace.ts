import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { FusionizerError } from './errors.ts';
import { ifMissing } from './ifMissing.ts';

/**
 * A fault in a configuration that was found after it was read gets its line: what throws it knows keys only.
 * @param dir the Task's folder
 * @returns the error with its line; as it came where it has one, has no keys, or the Task's function.yaml has no such place (it is another Task's of the
 *   group, or inline configuration)
 */
export async function withLine(error: unknown, dir: string): Promise<unknown> {
  if (!(error instanceof FusionizerError) || error.keys === undefined || error.line !== undefined) return error;
  for (const file of ['function.yaml', 'function.yml']) {
    const text = await readFile(path.join(dir, file), 'utf8').catch(ifMissing(undefined));
    const line = text === undefined ? undefined : lineOfKeys(text, error.keys);
    if (line !== undefined) return new FusionizerError(error.code, error.message, { file, line, cause: error.cause });
  }
  return error;
}

/**
 * The line where a value stands, from 1; undefined where there is none.
 * @param keys from the top, without regard to case, as Nuclio has it; in a list, the text (or the `name`) of the item that is meant
 */
export function lineOfKeys(text: string, keys: readonly string[]): number | undefined {
  const lines = new LineCounter();
  let node: unknown = parseDocument(text, { lineCounter: lines, prettyErrors: false }).contents;
  let place: Node | undefined;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value).toLowerCase() === key.toLowerCase());
      place = isNode(pair?.key) ? pair.key : undefined;
      node = pair?.value;
    } else if (isSeq(node)) {
      const item = node.items.find((one) => isItem(one, key));
      place = isNode(item) ? item : undefined;
      node = item;
    } else place = undefined;
    if (place === undefined) return undefined;
  }
  return place?.range ? lines.linePos(place.range[0]).line : undefined;
}

/** A command that goes over several lines is run line by line. */
function isItem(item: unknown, key: string): boolean {
  if (isMap(item)) return item.get('name') === key;
  return isScalar(item) && String(item.value).includes(key);
}
