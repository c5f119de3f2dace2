import type { ConfigProblem } from '../config/configProblem.ts';

/** A place in a text; both from 0. */
interface Place {
  readonly line: number;
  readonly character: number;
}

/** One change of a text, as VS Code reports it. */
export interface Edit {
  /** The replaced text. */
  readonly range: { readonly start: Place; readonly end: Place };
  readonly text: string;
}

/** The number of a line after an edit, from 0; undefined if the line itself was edited. */
export function lineAfter(line: number, { range: { start, end }, text }: Edit): number | undefined {
  if (start.line > line) return line;
  const whole =
    end.line === line && end.character === 0 && (text.endsWith('\n') || (text === '' && start.character === 0));
  if (end.line >= line && !whole) return undefined;
  return line + text.split('\n').length - 1 - (end.line - start.line);
}

/**
 * The problem that the checks of function.yaml found, where it is the fault that a deploy failed with: an error in the
 * same line, or with the same words.
 * @param line from 1; undefined where the deploy does not name one
 */
export function sameFault(
  found: readonly ConfigProblem[],
  line: number | undefined,
  message: string,
): ConfigProblem | undefined {
  // That a module has no such function is a warning until a deploy has failed for it.
  const errors = found.filter(({ severity, code }) => severity === 'error' || code === 'function');
  return (
    errors.find((one) => message.includes(one.message)) ??
    errors.find((one) => line !== undefined && one.line === line - 1)
  );
}
