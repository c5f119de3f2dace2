import { resolvePlain } from '../../task/yaml/goScalar.ts';

/** What YAML reads as something else than text, at the start of a plain scalar or in it. */
const SIGN = /^(?:[-?:](?:\s|$)|[,[\]{}#&*!|>'"%@`]|\s)|:(?:\s|$)|\s#|\s$|[\n\t]|^$|^<<$|^---/;

/**
 * A text as YAML: plain where that means the same text, else in double quotes.
 * @param inFlow between braces or brackets, where commas and brackets mean something
 */
export function asYaml(text: string, inFlow = false): string {
  const isPlain = !SIGN.test(text) && !(inFlow && /[,[\]{}]/.test(text)) && typeof resolvePlain(text) === 'string';
  return isPlain ? text : JSON.stringify(text);
}

/** A text in the quotes of the one that it replaces. @param written as it is in the file, with its quotes */
export function likeWritten(written: string, text: string): string {
  if (written.startsWith('"')) return JSON.stringify(text);
  if (written.startsWith("'") && !text.includes('\n')) return `'${text.replaceAll("'", "''")}'`;
  return text;
}
