import path from 'node:path';
import { isAppleDouble } from '../fileNames.ts';
import { type FunctionYaml, readInlineYaml } from './functionYaml.ts';

const COMMENT: Record<string, string> = { '.py': '#', '.js': '//', '.mjs': '//', '.cjs': '//' };

/** The runtime by the ending of a source file, as Nuclio infers it for single files. */
export const RUNTIME_OF_FILE: Record<string, string> = {
  '.py': 'python',
  '.js': 'nodejs',
  '.mjs': 'nodejs',
  '.cjs': 'nodejs',
};

/** Whether a file has the ending of a handler's source. */
export const isSourceFile = (file: string): boolean => path.extname(file) in RUNTIME_OF_FILE && !isAppleDouble(file);

/** The comment lines of an inline configuration. */
interface Block {
  /** The line of `@nuclio.configure`, from 1. */
  readonly line: number;
  /** The lines after it, without their comment characters; undefined if they run to the end of the file. */
  readonly text: string | undefined;
}

/**
 * Finds the last `# @nuclio.configure` (`//` in JavaScript), and the lines after it that begin with the comment
 * character. As in Nuclio, spaces before and within its line do not matter, and the character after each comment
 * character is left out.
 */
function findBlock(source: string, extension: string): Block | undefined {
  const comment = COMMENT[extension];
  if (comment === undefined) return undefined;
  const lines = source.split(/\r?\n/);
  const isComment = (line: number): boolean => lines[line]?.startsWith(comment) ?? false;
  let found: Block | undefined;
  for (let line = 0; line < lines.length; line += 1) {
    const spaceless = (lines[line] ?? '').replaceAll(' ', '');
    if (!spaceless.startsWith(`${comment}@nuclio.`)) continue;
    let end = line + 1;
    while (isComment(end)) end += 1;
    if (spaceless === `${comment}@nuclio.configure`) {
      const inside = lines.slice(line + 1, end).map((one) => one.slice(comment.length + 1));
      found = { line: line + 1, text: end === lines.length ? undefined : inside.join('\n') };
    }
    line = end;
  }
  return found;
}

/**
 * Reads Nuclio's inline configuration: the comment lines after `# @nuclio.configure` (`//` in JavaScript), up to the
 * first line that is not a comment, as YAML with the key `function.yaml`. Like Nuclio, it ignores a block that runs to
 * the end of the file.
 * @returns undefined if there is no inline configuration
 * @throws FusionizerError `task` with the line in the source file, for a text that is not a map in valid YAML
 */
export function readInlineConfig(source: string, file: string, extension: string): FunctionYaml | undefined {
  const block = findBlock(source, extension);
  return block?.text === undefined ? undefined : readInlineYaml(block.text, file, block.line + 1);
}

/** Why an inline configuration that `readInlineConfig` does not find has no effect; undefined if there is none. */
export function inlineWarning(source: string, file: string, extension: string): string | undefined {
  const block = findBlock(source, extension);
  if (block === undefined) return undefined;
  const why =
    block.text === undefined
      ? 'Nuclio ignores an inline configuration that runs to the end of the file: write a line of code, or an empty ' +
        'line, below it'
      : "the inline configuration has no key 'function.yaml', so it has no effect";
  return `${file}:${block.line}: ${why}`;
}
