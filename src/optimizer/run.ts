import { FusionizerError, messageOf } from '../shared/errors.ts';
import { type Setup, setupSchema } from '../shared/setupApi.ts';
import type { ApplyResult, Optimizer, OptimizerView } from './optimizer.ts';

/** @throws FusionizerError `malformed` that says what is wrong with the value */
function parseSetup(value: unknown): Setup {
  const parsed = setupSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FusionizerError(
    'malformed',
    `It yielded ${JSON.stringify(value)}, which is not a Fusion Setup such as [["taska", "taskb"]]: ` +
      `${parsed.error.issues.map(({ message }) => message).join('; ')}`,
  );
}

/**
 * Runs an optimizer until it ends or is aborted. If a setup cannot be reached, the optimizer and `report` get the
 * error, and the next setup is still applied.
 * @returns the message of the exception that ended it
 */
export async function runOptimizer(
  optimizer: Optimizer,
  view: OptimizerView,
  apply: (setup: Setup) => Promise<void>,
  report: (error: unknown) => void,
): Promise<string | null> {
  let result: ApplyResult = { ok: true };
  try {
    const setups = optimizer.setups(view);
    for (let next = await setups.next(result); !next.done && !view.signal.aborted; next = await setups.next(result)) {
      try {
        // A user's module can yield anything.
        await apply(parseSetup(next.value));
        result = { ok: true };
      } catch (error) {
        result = { ok: false, error: messageOf(error) };
        report(error);
      }
    }
    await setups.return();
    return null;
  } catch (error) {
    if (view.signal.aborted) return null;
    report(error);
    return messageOf(error);
  }
}
