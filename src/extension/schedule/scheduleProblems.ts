import { Diagnostic, DiagnosticSeverity, Range } from 'vscode';
import { type MarkOptions, type ScheduleMark, scheduleMarks } from './scheduleMarks.ts';

/** What VS Code shows as problems of a schedule. */
export function scheduleProblems(text: string, options: MarkOptions): Diagnostic[] {
  return scheduleMarks(text, options).map((mark) => diagnosticOf(text, mark));
}

function diagnosticOf(text: string, { offset, length, message, isError }: ScheduleMark): Diagnostic {
  const { Error: error, Warning: warning } = DiagnosticSeverity;
  const diagnostic = new Diagnostic(rangeIn(text, offset, length), message, isError ? error : warning);
  diagnostic.source = 'fusionizer';
  return diagnostic;
}

/** For a text without a document. */
export function rangeIn(text: string, offset: number, length: number): Range {
  const place = (end: number): [line: number, character: number] => {
    const lines = text.slice(0, end).split('\n');
    return [lines.length - 1, lines.at(-1)?.length ?? 0];
  };
  return new Range(...place(offset), ...place(offset + length));
}
