import { type Setup, setupSchema, type TraceRecord } from '../shared/api.ts';
import { FusionizerError } from '../shared/errors.ts';

/** What an optimizer may look at. */
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
 * Decides on Fusion Setups over time. A user's own one is a module whose default export has this form (`--optimizer
 * ./mine.js`). Each setup that the generator yields is applied before it is asked for the next one; the value of
 * `yield` tells how that went.
 */
export interface Optimizer {
  readonly name: string;
  setups(view: OptimizerView): AsyncGenerator<Setup, void, ApplyResult>;
}

export type ApplyResult = { ok: true } | { ok: false; error: string };

/** @throws FusionizerError `malformed` that says what is wrong with it */
function parseSetup(value: unknown): Setup {
  const parsed = setupSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FusionizerError(
    'malformed',
    `It yielded ${JSON.stringify(value)}, which is no Fusion Setup such as [["taska", "taskb"]]: ${parsed.error.issues.map(({ message }) => message).join('; ')}`,
  );
}

/**
 * Runs an optimizer until it ends or is aborted. A setup that cannot be reached is told to the optimizer and to
 * `report`; the next one still runs.
 */
export async function runOptimizer(
  optimizer: Optimizer,
  view: OptimizerView,
  apply: (setup: Setup) => Promise<void>,
  report: (error: unknown) => void,
): Promise<void> {
  let result: ApplyResult = { ok: true };
  try {
    const setups = optimizer.setups(view);
    for (let next = await setups.next(result); !next.done && !view.signal.aborted; next = await setups.next(result)) {
      try {
        // A user's module yields what it likes.
        await apply(parseSetup(next.value));
        result = { ok: true };
      } catch (error) {
        result = { ok: false, error: error instanceof Error ? error.message : String(error) };
        report(error);
      }
    }
    await setups.return();
  } catch (error) {
    if (!view.signal.aborted) report(error);
  }
}
