import type { TraceRecord } from '../shared/api.ts';
import type { Setup } from '../shared/setupApi.ts';

/** What an optimizer can read. */
export interface OptimizerView {
  /** Aborted when the server closes or another optimizer takes over; the generator should end then. */
  readonly signal: AbortSignal;
  /** Names of the deployed Tasks. */
  tasks(): string[];
  /** The actual setup. */
  setup(): Setup;
  /** The newest recorded invocations and calls, newest last. */
  traces(): TraceRecord[];
  /** Seconds since the server is ready. */
  seconds(): number;
}

/**
 * Decides on Fusion Setups over time. A user's own optimizer is a module whose default export has this form
 * (`--optimizer ./mine.js`). Each setup that the generator yields is applied before the next one is requested. The
 * value of `yield` is the result.
 */
export interface Optimizer {
  readonly name: string;
  setups(view: OptimizerView): AsyncGenerator<Setup, void, ApplyResult>;
}

export type ApplyResult = { ok: true } | { ok: false; error: string };
