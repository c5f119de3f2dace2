import type { Difference } from '../../client/payload/expectedAnswer.ts';

/** What the editor shows of an answer that is not the expected one. */
export interface DifferenceTexts {
  readonly message: string;
  /** Both sides of a diff: the parts that differ, and nothing else. */
  readonly expected: string;
  readonly actual: string;
}

/** How many parts the message names. */
const NAMED = 3;

/** @param way in which the case was run, such as `fused` */
export function differenceTexts(way: string, differences: readonly Difference[]): DifferenceTexts {
  const more = differences.length - NAMED;
  const named = differences.slice(0, NAMED).map(({ path }) => path);
  const side = (of: 'expected' | 'actual'): string =>
    differences
      .flatMap((one) => (one[of] === undefined ? [] : [`${one.path}: ${JSON.stringify(one[of], null, 2)}\n`]))
      .join('');
  const parts = `${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
  return {
    message: `${way}: ${parts} ${differences.length === 1 ? 'differs' : 'differ'}`,
    expected: side('expected'),
    actual: side('actual'),
  };
}
