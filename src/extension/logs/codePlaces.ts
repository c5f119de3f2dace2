import { fileURLToPath } from 'node:url';

/** A place in code that a text names. */
export interface CodePlace {
  /** Where it stands in the text: from, and up to but without. */
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

/** The places in code that tracebacks of Python and stacks of Node.js name, in the order of the text. */
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

/** Undefined for what only looks like a file's address: a text may hold anything. */
function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
