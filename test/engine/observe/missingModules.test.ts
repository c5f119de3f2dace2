import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Logs } from '../../../src/engine/observe/logs.ts';
import { watchMissingModules } from '../../../src/engine/observe/missingModules.ts';
import { ServerLog } from '../../../src/engine/observe/serverLog.ts';
import type { Task } from '../../../src/task/task.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { until } from '../../support/until.ts';

test('there is advice about the module that an error is about, not about one that its causes name', async (t) => {
  const task: Task = {
    name: 'one',
    version: 1,
    dir: await temporaryFolder(t, {}),
    hash: '',
    source: null,
    deployedAt: '',
    config: {},
    handler: 'main:handler',
    runtimeName: 'nodejs',
    runtime: { family: 'nodejs', version: undefined },
  };
  const logs = new Logs((record) => record);
  const log = new ServerLog(logs);
  t.after(watchMissingModules(logs, log, () => task));
  const missing = (name: string): string =>
    `Error: Cannot find module '${name}'\nRequire stack:\n- /main.js\n    at handler (/main.js:1:1)`;
  const outer = 'Error in handler: Error: outer\nError: outer\n    at handler (/main.js:1:1) {\n';
  log.writeOf('one', 'error', `${outer}  [cause]: ${missing('expected')}\n}`);
  log.writeOf('one', 'error', `${outer}  [errors]: [\n    ${missing('one-of-several')}\n  ]\n}`);
  log.writeOf('one', 'error', `Error in handler: ${missing('wanted')} {\n  [cause]: 'text'\n}`);
  const advice = (): string[] =>
    logs.find({ task: 'one' }).flatMap(({ message }) => /lacks the module '(.*?)'/.exec(message)?.[1] ?? []);
  await until('the advice', () => advice().length > 0);
  assert.deepEqual(advice(), ['wanted']);
});
