import { type FusionizerError, noSuchTask } from '../shared/errors.ts';
import { nearName } from '../shared/nearName.ts';

/** Shorter names are near to too many others. A longer one cannot be a Task's, and would take long to compare. */
const LENGTHS = { least: 4, most: 40 };

/** `not-found`, with the name of the Task that was probably meant. @param deployed the names of all Tasks */
export function taskNotFound(name: string, deployed: readonly string[]): FusionizerError {
  if (name.length < LENGTHS.least || name.length > LENGTHS.most) return noSuchTask(name);
  // taska and taskb, or step-1 and step-2, are two Tasks rather than a typing error.
  const others = deployed.filter((other) => other.length !== name.length || other.slice(0, -1) !== name.slice(0, -1));
  return noSuchTask(name, nearName(name, others));
}
