import path from 'node:path';
import { type FunctionConfig, type FunctionYaml, readFunctionYaml } from './functionYaml.ts';

const COMMENT: Record<string, string> = { '.py': '#', '.js': '//', '.mjs': '//', '.cjs': '//' };

/** The runtime by the ending of a source file, as Nuclio infers it for single files. */
export const RUNTIME_OF_FILE: Record<string, string> = {
  '.py': 'python',
  '.js': 'nodejs',
  '.mjs': 'nodejs',
  '.cjs': 'nodejs',
};

/** Whether a file has the ending of a handler's source. */
export const isSourceFile = (file: string): boolean => path.extname(file) in RUNTIME_OF_FILE;

/**
 * Reads Nuclio's inline configuration. It is in the comment lines after `# @nuclio.configure` (`//` in JavaScript), up
 * to the first line that is not a comment, as YAML with the key `function.yaml`. Like Nuclio, it ignores a block that
 * runs to the end of the file.
 * @returns undefined if there is no inline configuration
 * @throws FusionizerError `task` with the line in the source file, for a text that is not a map in valid YAML
 */
export function readInlineConfig(source: string, file: string, extension: string): FunctionYaml | undefined {
  const comment = COMMENT[extension];
  if (comment === undefined) return undefined;
  const lines = source.split(/\r?\n/);
  const start = lines.findIndex(
    (line) =>
      line.trim().startsWith(comment) &&
      line.slice(line.indexOf(comment) + comment.length).trim() === '@nuclio.configure',
  );
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith(comment));
  if (length < 0) return undefined;
  const block = lines.slice(start + 1, start + 1 + length).map((line) => line.slice(comment.length).replace(/^ /, ''));
  const key = block.findIndex((line) => /^function\.yaml:\s*$/.test(line));
  if (key < 0) return undefined;
  const inner = block.slice(key + 1);
  const indent = Math.min(
    ...inner.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  );
  return readFunctionYaml(inner.map((line) => line.slice(indent)).join('\n'), file, start + 1 + key + 2);
}

/**
 * Reads an inline configuration that has to be valid as a whole.
 * @throws FusionizerError `task` with the line in the source file, for the first fault
 */
export function parseInlineConfig(source: string, file: string, extension: string): FunctionConfig | undefined {
  return readInlineConfig(source, file, extension)?.checked();
}
