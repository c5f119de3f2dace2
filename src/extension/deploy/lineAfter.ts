/** A place in a text; both from 0. */
interface Place {
  readonly line: number;
  readonly character: number;
}

/** One change of a text, as VS Code tells of it. */
export interface Edit {
  /** What was replaced. */
  readonly range: { readonly start: Place; readonly end: Place };
  readonly text: string;
}

/** Where a line is after an edit, from 0; undefined where it was edited itself. */
export function lineAfter(line: number, { range: { start, end }, text }: Edit): number | undefined {
  if (start.line > line) return line;
  const whole =
    end.line === line && end.character === 0 && (text.endsWith('\n') || (text === '' && start.character === 0));
  if (end.line >= line && !whole) return undefined;
  return line + text.split('\n').length - 1 - (end.line - start.line);
}
