/** An export by its name, and the text of its value: empty for a name that may stand for any function. */
export interface Exported {
  readonly name: string;
  readonly value: string;
}

const EXPORTS = String.raw`(?:module\.)?exports[ \t]*`;
const OBJECT = new RegExp(
  String.raw`^[ \t]*(?:${EXPORTS}=|export(?:[ \t]+default)?|Object\.assign\([ \t]*${EXPORTS},)\s*\{`,
  'gm',
);
const NAME = String.raw`(?:([\w$]+)|(['"])([\w$]+)\2|\[(['"])([\w$]+)\4\])`;
const METHOD = new RegExp(String.raw`^(?:async\b\s*)?(?:\*\s*)?${NAME}\s*(\([\s\S]*)$`);
const FIELD = new RegExp(String.raw`^${NAME}\s*(?::\s*([\s\S]*))?$`);

/**
 * The members of all objects and lists that a JavaScript file exports. Spread members and computed names are left out.
 * @param source without comments and brackets in strings
 */
export function exportedMembers(source: string): Exported[] {
  const found: Exported[] = [];
  OBJECT.lastIndex = 0;
  for (let start = OBJECT.exec(source); start !== null; start = OBJECT.exec(source)) {
    const { parts, end } = partsFrom(source, OBJECT.lastIndex);
    found.push(...parts.flatMap(memberOf));
    OBJECT.lastIndex = end;
  }
  return found;
}

/** Splits the text behind an open bracket at the commas that are in no other brackets, up to its end. */
function partsFrom(source: string, from: number): { parts: string[]; end: number } {
  const parts: string[] = [];
  const marks = /[(){}[\],]/g;
  marks.lastIndex = from;
  let depth = 1;
  let begin = from;
  for (let mark = marks.exec(source); mark !== null; mark = marks.exec(source)) {
    if ('([{'.includes(mark[0])) depth += 1;
    else if (mark[0] !== ',') depth -= 1;
    if (depth > 1 || (depth === 1 && mark[0] !== ',')) continue;
    parts.push(source.slice(begin, mark.index).trim());
    begin = marks.lastIndex;
    if (depth === 0) return { parts, end: begin };
  }
  return { parts: [...parts, source.slice(begin).trim()], end: source.length };
}

function memberOf(part: string): Exported[] {
  if (/^set\s+[\w$'"[]/.test(part)) return [];
  const renamed = /^[\w$]+\s+as\s+([\w$]+)$/.exec(part)?.[1];
  if (renamed !== undefined) return [{ name: renamed, value: '' }];
  const getter = /^get\s+(?=[\w$'"[])/.exec(part)?.[0];
  const method = METHOD.exec(part.slice(getter?.length ?? 0));
  const [, plain, , quoted, , computed, rest = ''] = method ?? FIELD.exec(part) ?? [];
  const name = plain ?? quoted ?? computed;
  if (name === undefined) return [];
  // What a getter returns may be any function.
  if (method) return [{ name, value: getter === undefined ? `function ${rest}` : '' }];
  return [{ name, value: rest }];
}
