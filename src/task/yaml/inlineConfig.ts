import path from 'node:path';
import { isAppleDouble } from '../fileNames.ts';
import { MAX_LENGTH } from './configFile.ts';
import { type FunctionYaml, readInlineYaml } from './functionYaml.ts';

/**
 * How a language begins a comment, and expressions for sources of any size: they look at each character once, and are
 * only tested, because a file may have so many marks that the results of `exec` would take most of the time.
 */
interface Comment {
  readonly start: string;
  /** The beginning of a line with a mark of Nuclio's, with the line end before it. */
  readonly mark: RegExp;
  /** The end of a line that is followed by another one that is no comment. */
  readonly end: RegExp;
}

/** Spaces within a mark do not matter. */
const spaced = (text: string): string => [...text].join(' *');
/** The rest of a line whose mark is the one of a configuration. */
const CONFIGURE = new RegExp(` *${spaced('configure')} *\\r?(?:\\n|$)`, 'y');

const commentOf = (start: string): Comment => ({
  start,
  mark: new RegExp(`(?:^|\\n) *${spaced(`${start}@nuclio`)} *\\.`, 'g'),
  end: new RegExp(`\\n(?!${start})`, 'g'),
});
const HASH = commentOf('#');
const SLASHES = commentOf('//');
const COMMENT: Record<string, Comment> = { '.py': HASH, '.js': SLASHES, '.mjs': SLASHES, '.cjs': SLASHES };

/** The runtime by the ending of a source file, as Nuclio infers it for single files. */
export const RUNTIME_OF_FILE: Record<string, string> = {
  '.py': 'python',
  '.js': 'nodejs',
  '.mjs': 'nodejs',
  '.cjs': 'nodejs',
};

/** The runtime and the handler of a single source file whose configuration names none. */
export function sourceDefaults(file: string): { runtime: string | undefined; handler: string } {
  const { name, ext } = path.parse(file);
  return { runtime: RUNTIME_OF_FILE[ext], handler: `${name}:handler` };
}

/** Whether a file has the ending of a handler's source. */
export const isSourceFile = (file: string): boolean => path.extname(file) in RUNTIME_OF_FILE && !isAppleDouble(file);

/** The comment lines of an inline configuration. */
export interface InlineBlock {
  /** The line of `@nuclio.configure`, from 1. */
  readonly line: number;
  /** The lines after it, without the first characters of each. */
  readonly text: string;
  /** What a line of it begins with, and what `text` leaves out: `# `, `// `. */
  readonly prefix: string;
  /** Whether it runs to the end of the file. Nuclio ignores such a block. */
  readonly isLast: boolean;
}

/**
 * Finds the last `# @nuclio.configure` (`//` in JavaScript), and the lines after it that begin with the comment
 * character. As in Nuclio, spaces before and within its line do not matter, and the character after each comment
 * character is left out.
 */
export function inlineBlock(source: string, extension: string): InlineBlock | undefined {
  const comment = COMMENT[extension];
  if (comment === undefined) return undefined;
  const { mark, end } = comment;
  let found: { from: number; to: number | undefined } | undefined;
  for (mark.lastIndex = 0; mark.test(source); ) {
    end.lastIndex = mark.lastIndex;
    const to = end.test(source) ? end.lastIndex - 1 : undefined;
    CONFIGURE.lastIndex = mark.lastIndex;
    if (CONFIGURE.test(source)) found = { from: source.lastIndexOf('\n', mark.lastIndex - 1) + 1, to };
    if (to === undefined) break;
    mark.lastIndex = to;
  }
  if (found === undefined) return undefined;
  const { from, to } = found;
  const line = lineNumber(source, from);
  const [, ...inside] = source
    .slice(from, Math.min(to ?? source.length, from + MAX_BLOCK))
    .replace(/\r$/, '')
    .split(/\r?\n/);
  const prefix = `${comment.start} `;
  const text = inside.map((one) => one.slice(prefix.length)).join('\n');
  return { line, text, prefix, isLast: to === undefined };
}

/** How much of a block is looked at, in characters. What is left of it is still longer than a configuration may be. */
const MAX_BLOCK = 5 * MAX_LENGTH;

/** The line of a place in a text, from 1. */
function lineNumber(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < place; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/**
 * Reads Nuclio's inline configuration: the comment lines after `# @nuclio.configure` (`//` in JavaScript), up to the
 * first line that is not a comment, as YAML with the key `function.yaml`. Like Nuclio, it ignores a block that runs to
 * the end of the file.
 * @returns undefined if there is no inline configuration
 * @throws FusionizerError `task` with the line in the source file, for a text that is not a map in valid YAML
 */
export function readInlineConfig(source: string, file: string, extension: string): FunctionYaml | undefined {
  const block = inlineBlock(source, extension);
  return block === undefined || block.isLast ? undefined : readInlineYaml(block.text, file, block.line + 1);
}

/** Whether a source file has a block `@nuclio.configure`, even one that Nuclio ignores. */
export const hasInlineConfig = (source: string, extension: string): boolean =>
  inlineBlock(source, extension) !== undefined;

/** Why an inline configuration that `readInlineConfig` does not find has no effect; undefined if there is none. */
export function inlineWarning(source: string, file: string, extension: string): string | undefined {
  const block = inlineBlock(source, extension);
  if (block !== undefined) return `${file}:${block.line}: ${ignoredBlock(block)}`;
  const mark = mistypedMark(source, extension);
  return mark && `${file}:${mark.line}: ${mark.why}`;
}

/** A line that Nuclio does not take for the mark of an inline configuration, though it is meant as one. */
export interface MistypedMark {
  /** From 1. */
  readonly line: number;
  readonly why: string;
  /** What to write instead; undefined if the line itself is right. */
  readonly right: string | undefined;
}

/** Finds the first mistyped mark of a source file without an inline configuration. */
export function mistypedMark(source: string, extension: string): MistypedMark | undefined {
  const [before] = source.split(MEANT, 1);
  if (before === undefined || before.length === source.length) return undefined;
  const line = before.split('\n').length;
  if (before === '' && source.startsWith('\ufeff')) {
    const why =
      'Nuclio does not find an inline configuration behind a byte order mark: save the file as UTF-8 without it';
    return { line, why, right: undefined };
  }
  const right = `${(COMMENT[extension] ?? HASH).start} @nuclio.configure`;
  return {
    line,
    why: `Nuclio finds an inline configuration by the line '${right}', not by this one: correct it`,
    right,
  };
}

/** A line that is probably meant as the mark: in another comment, or not quite right. */
const MEANT = /^[^\w\n]{0,9}(?:@|#|\/|\*)[^\w\n]{0,9}nuclio *[.:_-]? *conf\w{1,9}[^\w\n]{0,9}$/im;

/** Why a block without a configuration has no effect. */
export function ignoredBlock({ isLast, text, prefix }: InlineBlock): string {
  if (isLast)
    return (
      'Nuclio ignores an inline configuration that runs to the end of the file: write a line of code, or an empty ' +
      'line, below it'
    );
  const why = "the inline configuration has no key 'function.yaml', so it has no effect";
  const start = prefix.trimEnd();
  return /^unction\.yaml *:/m.test(text)
    ? `${why}: Nuclio leaves out one character after each ${start}, so write '${start} function.yaml:'`
    : why;
}
