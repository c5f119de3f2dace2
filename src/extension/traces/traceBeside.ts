import { l10n, window } from 'vscode';
import { DismissedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { pickInvocation } from './invocationFor.ts';
import { PAGE } from './invocations.ts';

/**
 * Asks for another invocation of the same Task, to show it beside a trace.
 * @returns the ids of both traces, the older one first; undefined if there is no other one, or none was picked
 */
export async function traceBeside(services: Services, trace: string): Promise<[string, string] | undefined> {
  const client = await services.server.client();
  const { spans } = await client.trace(trace);
  const root = spans.find(({ caller }) => caller === null);
  const task = root?.callee;
  const all = task === undefined ? [] : await client.traces({ outer: true, task, limit: PAGE });
  const others = all.filter((one) => one.trace !== trace && one.callee === task).reverse();
  if (root === undefined || others.length === 0) {
    void window.showInformationMessage(l10n.t('There is no other invocation of this Nuclio Task to compare with.'));
    return undefined;
  }
  try {
    const other = await pickInvocation(others, l10n.t('Compare with...'), l10n.t('A trace to show below this one'));
    return root.start <= other.start ? [trace, other.trace] : [other.trace, trace];
  } catch (error) {
    if (error instanceof DismissedError) return undefined;
    throw error;
  }
}
