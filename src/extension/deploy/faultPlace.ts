import type { ConfigProblem } from '../config/configProblem.ts';

/** The source of the marks of failed deploys, as the editor shows it. */
export const DEPLOY_SOURCE = 'fusionizer deploy';

/** The fault that a deploy failed with. */
export interface Fault {
  /** Relative to the Task's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number | undefined;
  readonly message: string;
}

/** The place of a fault. */
export interface FaultPlace {
  /** Absolute. */
  readonly file: string;
  /** From 1; undefined if only the file is known. */
  readonly line: number | undefined;
  /** The checks of function.yaml mark it until it is corrected, so it needs no other mark. */
  readonly checked: boolean;
}

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
