import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { templateOf } from '../../src/task/templates.ts';
import { TestServer } from '../support/server.ts';

describe('README.md', () => {
  it('has handlers that call another Task, apart and fused', async (t) => {
    const page = await readFile(path.join(packageRoot(), 'README.md'), 'utf8');
    const handlers = [...page.matchAll(/^```(python|js)\n([\s\S]*?)^```$/gm)].filter(([, , code]) =>
      /\bhandler\b/.test(code ?? ''),
    );
    assert.equal(handlers.length, 5);
    const server = await TestServer.start(t);
    for (const runtime of ['python', 'nodejs'] as const) {
      await server.changeSetup('PUT', []);
      await server.deploy('hello', templateOf({ runtime, kind: 'plain' }, 'hello'));
      for (const [index, [, language, code = '']] of handlers.entries()) {
        if ((language === 'python') !== (runtime === 'python')) continue;
        const name = `caller-${index}`;
        const config = `metadata: {name: ${name}}\nspec: {runtime: ${runtime}, handler: "main:handler"}\n`;
        await server.deploy(name, { 'function.yaml': config, [runtime === 'python' ? 'main.py' : 'main.js']: code });
        for (const group of [[name], [name, 'hello']]) {
          assert.equal((await server.changeSetup('PATCH', [group])).status, 200);
          const answer = await server.post(name);
          assert.deepEqual([answer.status, answer.text && answer.json()], [200, { message: 'Hello, you!' }], code);
        }
        await server.changeSetup('PATCH', [[name]]);
      }
    }
  });
});
