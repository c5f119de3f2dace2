import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectText, Load } from '../support/load.ts';
import { type Files, TestServer } from '../support/server.ts';
import { calling, functionYaml, type Runtime, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** Waits until the load has sent so many more requests: changes must meet traffic. */
async function moreRequests(load: Load, count: number): Promise<void> {
  const goal = load.requests + count;
  await until('more requests under load', () => load.requests >= goal);
}

for (const runtime of ['python', 'nodejs'] as const) {
  describe(`under load of 8 clients (${runtime})`, () => {
    it('no request fails while setups change, a Task is redeployed, and another is deleted and deployed again', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('a', calling('a', 'b', runtime));
      await server.deploy('b', saying('b1', runtime));
      await server.deploy('c', calling('c', 'd', runtime));
      await server.deploy('d', saying('d', runtime));
      await server.deploy('other', saying('other', runtime));
      const load = new Load(8, (round, agent) =>
        round % 2 === 0
          ? expectText(server.url, 'a', ['a(b1)', 'a(b2)'], agent)
          : expectText(server.url, 'c', ['c(d)'], agent),
      );
      const setups = [
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        [
          ['a', 'c'],
          ['b', 'd'],
        ],
        [['a', 'b', 'c', 'd', 'other']],
        [],
      ];
      // Each setup twice: the first time with the other version of b. The soak test goes on for longer.
      for (let round = 0; round < 2 * setups.length; round += 1) {
        await moreRequests(load, 8);
        assert.equal((await server.changeSetup('PUT', setups[round % setups.length] ?? [])).status, 200);
        await moreRequests(load, 8);
        await server.deploy('b', saying(round % 2 === 0 ? 'b2' : 'b1', runtime));
        await moreRequests(load, 8);
        assert.equal((await server.request('/other', { method: 'DELETE' })).status, 200);
        await server.deploy('other', saying('other', runtime));
      }
      await moreRequests(load, 20);
      assert.deepEqual((await load.stop()).failures, []);
    });

    it('no request fails while a redeploy fails at each stage', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('a', calling('a', 'b', runtime));
      await server.deploy('b', saying('b', runtime));
      await server.changeSetup('PUT', [['a', 'b']]);
      const load = new Load(8, (_round, agent) => expectText(server.url, 'a', ['a(b)'], agent));
      for (const [name, files, expected] of brokenTasks(runtime)) {
        await moreRequests(load, 20);
        const answer = await server.put('b', files);
        assert.equal(answer.status, 422, `${name}: ${answer.text}`);
        assert.match(answer.text, expected, name);
      }
      await moreRequests(load, 20);
      assert.deepEqual((await load.stop()).failures, []);
      assert.deepEqual(await server.groups(), ['a+b']);
    });

    it('a -> b -> c under [["a","c"],["b"]] with one worker each: no 503, no time-out', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('a', calling('a', 'b', runtime));
      await server.deploy('b', calling('b', 'c', runtime));
      await server.deploy('c', saying('c', runtime));
      await server.changeSetup('PUT', [['a', 'c'], ['b']]);
      const load = new Load(8, (_round, agent) => expectText(server.url, 'a', ['a(b(c))'], agent));
      await moreRequests(load, 400);
      assert.deepEqual((await load.stop()).failures, []);
      const setup = await server.setup();
      // One worker each, and one extra for the call that comes back.
      assert.deepEqual(setup.functions.map((fn) => [fn.tasks.join('+'), fn.workers]).sort(), [
        ['a+c', 2],
        ['b', 1],
      ]);
    });

    it('calls that cross between two functions do not lock each other', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('a', calling('a', 'b', runtime));
      await server.deploy('b', saying('b', runtime));
      await server.deploy('d', calling('d', 'c', runtime));
      await server.deploy('c', saying('c', runtime));
      await server.changeSetup('PUT', [
        ['a', 'c'],
        ['b', 'd'],
      ]);
      const load = new Load(8, (round, agent) =>
        round % 2 === 0 ? expectText(server.url, 'a', ['a(b)'], agent) : expectText(server.url, 'd', ['d(c)'], agent),
      );
      await moreRequests(load, 400);
      assert.deepEqual((await load.stop()).failures, []);
    });
  });
}

function brokenTasks(runtime: Runtime): [name: string, files: Files, expected: RegExp][] {
  const yaml = functionYaml(runtime);
  const failing = functionYaml(runtime, '  build:\n    commands:\n      - echo own words >&2 && exit 9\n');
  if (runtime === 'python') {
    return [
      ['bad YAML', { 'function.yaml': 'spec: [', 'main.py': '' }, /function\.yaml:1 is not valid YAML/],
      ['missing handler', { 'function.yaml': yaml, 'main.py': 'def other():\n    pass\n' }, /handler/],
      [
        'import error',
        { 'function.yaml': yaml, 'main.py': 'import os\n\nimport nowhere_to_be_found\n' },
        /main\.py:3.*nowhere_to_be_found/s,
      ],
      ['failing build command', { 'function.yaml': failing, 'main.py': '' }, /failed \(exit status 9\): own words/],
      [
        'crash in init_context',
        {
          'function.yaml': yaml,
          'main.py': 'def init_context(context):\n    1 / 0\n\ndef handler(context, event):\n    pass\n',
        },
        /main\.py:2.*division by zero/s,
      ],
    ];
  }
  return [
    ['bad YAML', { 'function.yaml': 'spec: [', 'main.js': '' }, /function\.yaml:1 is not valid YAML/],
    ['missing handler', { 'function.yaml': yaml, 'main.js': 'exports.other = 1;' }, /handler/],
    [
      'import error',
      { 'function.yaml': yaml, 'main.js': "'use strict';\n\nrequire('./nowhere-to-be-found');" },
      /main\.js:3.*nowhere-to-be-found/s,
    ],
    ['failing build command', { 'function.yaml': failing, 'main.js': '' }, /failed \(exit status 9\): own words/],
    [
      'crash in initContext',
      { 'function.yaml': yaml, 'main.js': 'exports.initContext = () => {\n  null.x;\n};\nexports.handler = () => {};' },
      /main\.js:2/,
    ],
  ];
}
