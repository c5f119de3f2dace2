export type Severity = 'error' | 'warning' | 'information';

/** A place on one line. Lines and columns count from 0. */
export interface LinePlace {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** A quick fix. */
export type Fix =
  /** Replaces the marked text, or that of another place. */
  | {
      readonly kind: 'replace';
      readonly text: string;
      readonly at?: LinePlace & { /** The line of `to`, if it is another one. */ readonly toLine?: number };
      /** What the text stands for, if a person would not recognise it. */
      readonly as?: 'list' | 'quoted' | 'runtime';
    }
  /** Inserts lines before this one, counted from 0. */
  | { readonly kind: 'insert'; readonly line: number; readonly text: string }
  /** Creates a file, relative to the Task's folder. */
  | { readonly kind: 'create'; readonly file: string; readonly content: string };

/** A fault of a configuration and its place on one line. */
export interface ConfigProblem extends LinePlace {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The most likely first. */
  readonly fixes: readonly Fix[];
}
