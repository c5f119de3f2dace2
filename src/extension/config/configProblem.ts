export type Severity = 'error' | 'warning' | 'information';

/** A quick fix. */
export type Fix =
  /** Replaces the marked text. */
  | { readonly kind: 'replace'; readonly text: string }
  /** Inserts lines before this one, counted from 0. */
  | { readonly kind: 'insert'; readonly line: number; readonly text: string }
  /** Creates a file, relative to the Task's folder. */
  | { readonly kind: 'create'; readonly file: string; readonly content: string };

/** A fault of a configuration and its place on one line. Lines and columns count from 0. */
export interface ConfigProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** The most likely first. */
  readonly fixes: readonly Fix[];
}
