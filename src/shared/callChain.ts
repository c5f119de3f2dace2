/** A Task in a call chain, and the one that called it. */
export interface ChainLink {
  readonly task: string;
  /** 1 for the Task that was invoked from outside. */
  readonly depth: number;
  readonly above: ChainLink | undefined;
}

/** How many Tasks a chain may have, unless the server's options name another number. */
export const MAX_DEPTH = 32;

/** How many names a text shows at each end of a chain. */
const SHOWN = 6;

/** The names of a chain, from the Task that was invoked from outside; of a long chain its begin and its end. */
export function chainText(link: ChainLink): string {
  const names: string[] = [];
  for (let one: ChainLink | undefined = link; one; one = one.above) names.unshift(one.task);
  const left = names.length - 2 * SHOWN;
  if (left > 1) names.splice(SHOWN, left, `(${left} more)`);
  return names.join(' -> ');
}
