import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestServer } from '../../support/server.ts';
import { commands, nodeTask, pythonTask } from '../../support/tasks.ts';

/** Needs PyPI and npm: `npm test -- --no-registry` leaves this file out. */
describe('build commands that install from a registry', () => {
  it('[registry] install a package from PyPI', async (t) => {
    const server = await TestServer.start(t);
    const code = 'import inflection\n\ndef handler(context, event):\n    return inflection.pluralize("task")\n';
    await server.deploy('one', pythonTask(code, commands('pip install inflection==0.5.1')));
    assert.equal((await server.post('one')).text, 'tasks');
  });

  it('[registry] install packages from npm, globally or not', async (t) => {
    const server = await TestServer.start(t);
    const code =
      "const isNumber = require('is-number');\n" +
      "const isOdd = require('is-odd');\n" +
      "exports.handler = (c) => c.callback(String(isNumber('3') && isOdd(3)));";
    const npm = 'npm install --no-audit --no-fund';
    const spec = commands(`${npm} is-number@7.0.0`, `${npm} -g is-odd@3.0.1`);
    await server.deploy('one', nodeTask(code, spec));
    assert.equal((await server.post('one')).text, 'true');
  });
});
