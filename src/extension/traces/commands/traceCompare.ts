import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { compareSides } from '../compareSides.ts';
import { invocationFor, pickInvocation } from '../invocationFor.ts';
import { PAGE } from '../invocations.ts';
import { timeText } from '../invocationText.ts';

/** Compares the answer of an invocation with that of another one of the same Task. The older one is on the left. */
export const traceCompare: ExtensionCommand = async (services, argument) => {
  const title = l10n.t('Compare with...');
  const one = await invocationFor(services, argument, title);
  const { callee: task } = one;
  const client = await services.server.client();
  const newest = await client.traces({ outer: true, task, limit: PAGE });
  const others = newest.filter(({ span, request }) => span !== one.span && request !== undefined).reverse();
  if (others.length === 0) {
    void window.showInformationMessage(l10n.t('{0} was invoked only once, so there is nothing to compare with.', task));
    throw new DismissedError();
  }
  const chosen = l10n.t('{0}: compare the answer of {1} with that of...', task, timeText(one.start));
  const other = await pickInvocation(others, title, chosen);
  const [before, after] = one.start <= other.start ? [one, other] : [other, one];
  const sides = l10n.t('{0}: {1} and {2}', task, timeText(before.start), timeText(after.start));
  await compareSides(services, { ...before, task }, { ...after, task }, sides);
};
