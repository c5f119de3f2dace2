import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { saying } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';
import { zipBytes } from '../support/zipBytes.ts';

describe('a name that no Task can have', () => {
  it('is refused for a deploy, in a setup and in a schedule, and found nowhere', async (t) => {
    const attacked = await AttackedServer.start(t);
    const { server } = attacked;
    const good = zipBytes(Object.entries(saying('x')).map(([name, content]) => ({ name, content })));
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter(
      (char) => !/[a-z0-9-]/.test(char),
    );
    const names = [
      ...printable.map((char) => `a${char}b`),
      'é',
      'ａ',
      'a\u200bb',
      '1a',
      '-a',
      'a-',
      'a'.repeat(41),
      'A',
      'a\nb',
      'a\0b',
      '%61',
      '..',
      'a..b',
      'nul ',
    ];
    for (const name of names) {
      const escaped = encodeURIComponent(name).replace(/\./g, '%2e');
      const deployed = await attacked.upload(escaped, good);
      // Names are compared raw, so a name that needs escaping is not found. The others are answered with the rule.
      assert.ok([400, 422].includes(deployed.status), `${JSON.stringify(name)}: ${deployed.status} ${deployed.text}`);
      assert.match(deployed.text, /cannot be a Task's name: use lowercase letters|No Task '.*' could be found/s);
      for (const target of ['/-/setup', '/-/schedule']) {
        const body = JSON.stringify(target === '/-/setup' ? [[name]] : { entries: { '5': [[name]] } });
        const refused = await server.request(target, { method: 'PUT', body });
        assert.deepEqual(
          [refused.status, /is not a Task name: use lowercase letters/.test(refused.text)],
          [400, true],
          `${JSON.stringify(name)}: ${refused.text}`,
        );
      }
    }
    await attacked.assertUnharmed('names');
  });
});
