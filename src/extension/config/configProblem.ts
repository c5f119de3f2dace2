export type Severity = 'error' | 'warning' | 'information';

/** What a quick fix does. */
export type Fix =
  /** In place of the marked text. */
  | { readonly kind: 'replace'; readonly text: string }
  /** New lines before this one, counted from 0. */
  | { readonly kind: 'insert'; readonly line: number; readonly text: string }
  /** A new file, relative to the Task's folder. */
  | { readonly kind: 'create'; readonly file: string; readonly content: string };

/** What is wrong in a configuration, and where: lines and columns from 0, on one line. */
export interface ConfigProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** The likeliest first. */
  readonly fixes: readonly Fix[];
}
