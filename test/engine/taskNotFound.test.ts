import assert from 'node:assert/strict';
import { it } from 'node:test';
import { taskNotFound } from '../../src/engine/taskNotFound.ts';

it('a Task that is not deployed: names the one that was meant, but no sibling and no short name', () => {
  const deployed = ['caller', 'hello', 'taska', 'step-1', 'b'];
  for (const [name, meant] of [
    ['calller', 'caller'],
    ['helo', 'hello'],
    ['Hello', 'hello'],
    ['call', 'caller'],
    ['taskb', undefined],
    ['step-2', undefined],
    ['c', undefined],
    ['elsewhere', undefined],
    [`caller${'r'.repeat(1000)}`, undefined],
  ] as const)
    assert.equal(
      taskNotFound(name, deployed).message,
      `No Task '${name}' could be found${meant === undefined ? '' : `. Did you mean '${meant}'?`}`,
    );
});
