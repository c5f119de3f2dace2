import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallChains } from '../../src/engine/callChains.ts';
import { type ChainLink, chainText } from '../../src/shared/callChain.ts';

/** A chain of so many Tasks, with the names t1, t2 and so on. */
function chainOf(length: number): ChainLink {
  let link: ChainLink = { task: 't1', depth: 1, above: undefined };
  for (let depth = 2; depth <= length; depth += 1) link = { task: `t${depth}`, depth, above: link };
  return link;
}

describe('call chains', () => {
  const cases: readonly [above: number, within: string | undefined, depth: number | 'refused'][] = [
    [0, undefined, 1],
    [0, 'x,y', 1],
    [1, undefined, 2],
    [4, undefined, 5],
    [5, undefined, 'refused'],
    [2, 'x,y', 5],
    [3, 'x,y', 'refused'],
    // A header that a Task made up itself adds no names, and no work beyond the bound.
    [1, '', 2],
    [1, '../x,<y>', 2],
    [1, 'x,'.repeat(5000), 'refused'],
  ];
  for (const [above, within, depth] of cases) {
    it(`a call below ${above} Tasks, within ${within?.slice(0, 20)}: ${depth}`, () => {
      const link = (): ChainLink => new CallChains(5).link('end', above === 0 ? undefined : chainOf(above), within);
      if (depth === 'refused')
        assert.throws(link, { code: 'loop', message: /has [5-9] Tasks already: t1 -> .* -> end\./ });
      else assert.equal(link().depth, depth);
    });
  }

  it('a text shows both ends of a long chain', () => {
    assert.equal(chainText(chainOf(3)), 't1 -> t2 -> t3');
    assert.equal(
      chainText(chainOf(13)),
      't1 -> t2 -> t3 -> t4 -> t5 -> t6 -> t7 -> t8 -> t9 -> t10 -> t11 -> t12 -> t13',
    );
    assert.equal(
      chainText(chainOf(33)),
      't1 -> t2 -> t3 -> t4 -> t5 -> t6 -> (21 more) -> t28 -> t29 -> t30 -> t31 -> t32 -> t33',
    );
  });

  it('remember a bounded number of events that have ended', () => {
    const chains = new CallChains(5);
    for (let event = 0; event < 20_000; event += 1) chains.ended(`span${event}`, chainOf(2));
    assert.equal(chains.ofEnded('span19999')?.depth, 2);
    assert.equal(chains.ofEnded('span15905')?.depth, 2, 'the newest 4,096 are known');
    assert.equal(chains.ofEnded('span0'), undefined);
  });
});
