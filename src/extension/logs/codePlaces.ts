import { fileURLToPath } from 'node:url';

/** A place in code that is named in a text. */
export interface CodePlace {
  /** The offsets in the text: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

const ABSOLUTE = String.raw`(?:file:\/\/\/|\/|[A-Za-z]:[\\/])`;
/** `File "/a/main.py", line 3` */
const PYTHON = new RegExp(String.raw`File "(${ABSOLUTE}[^"\n]+)", line (\d+)`, 'g');
/** `at fail (/a/main.js:3:5)`, `at file:///a/main.mjs:3:5` */
const NODEJS = new RegExp(String.raw`(?:\(|\bat (?:async )?)(${ABSOLUTE}[^()"\n]*?):(\d+):\d+(?=\)?$)`, 'gm');

/** Finds the places in code that Python tracebacks and Node.js stacks name, in the order of the text. */
export function findCodePlaces(text: string): CodePlace[] {
  const found = [...text.matchAll(PYTHON), ...text.matchAll(NODEJS)];
  return found.flatMap(placeOf).sort((one, other) => one.start - other.start);
}

function placeOf(match: RegExpExecArray): CodePlace | [] {
  const [whole, named = '', line = ''] = match;
  const before = whole.indexOf(named);
  const file = named.startsWith('file:') ? pathOf(named) : named;
  return file === undefined
    ? []
    : { start: match.index + before, end: match.index + whole.length, file, line: Number(line) };
}

/** Undefined for text that only looks like a file URL. */
function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
