import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Document } from '../../src/server/openapi/types.ts';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { TestServer } from '../support/server.ts';
import { calling, saying } from '../support/tasks.ts';

/** The same seed generates the same requests. */
const SEED = process.env['FUSIONIZER_SEED'] ?? '1';
/**
 * The number of generated requests for each operation, besides those that cover each keyword of its schemas. Use some
 * thousands for a long run.
 */
const EXAMPLES = process.env['FUSIONIZER_FUZZ_EXAMPLES'] ?? '60';

const folder = path.join(packageRoot(), 'test', 'fuzz');

/** A server that has something for each request: Tasks apart and fused, calls, a schedule. */
async function startServer(t: TestContext): Promise<TestServer> {
  const server = await TestServer.start(t);
  await server.deploy('taska', calling('a', 'taskb'));
  await server.deploy('taskb', saying('b'));
  await server.deploy('taskc', saying('c'));
  await server.changeSetup('PUT', [['taska', 'taskb']]);
  await server.post('taska');
  const scheduled = await server.request('/-/schedule', {
    method: 'PUT',
    body: JSON.stringify({ entries: { '3600': [['taska', 'taskc']] } }),
  });
  assert.equal(scheduled.status, 200, scheduled.text);
  return server;
}

/** The server's own document, without the parameter `follow`, with which an answer would not end. */
async function documentOf(server: TestServer): Promise<Document> {
  const document = (await server.request('/-/openapi.json')).json<Document>();
  for (const path of ['/-/tasks/{task}/logs', '/-/logs']) {
    const logs = document.paths[path]?.['get'];
    if (logs?.parameters === undefined) throw new Error('The document has no parameters for logs');
    logs.parameters = logs.parameters.filter(({ name }) => name !== 'follow');
  }
  return document;
}

describe('the control API, with requests by schemathesis that its document allows and others', () => {
  it('answers as the document says', async (t) => {
    const program = execFileSync(process.execPath, [path.join(packageRoot(), 'scripts', 'schemathesis.mjs')], {
      encoding: 'utf8',
    }).trim();
    const server = await startServer(t);
    const faults: string[] = [];
    server.server.logs.subscribe(({ level, message }) => {
      if (level === 'error' && message.startsWith('Internal error')) faults.push(message);
    });
    const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-fuzz-'));
    t.after(() => rm(dir, { recursive: true }));
    const document = path.join(dir, 'openapi.json');
    await writeFile(document, JSON.stringify(await documentOf(server)));
    const args = [
      '--config-file',
      path.join(folder, 'schemathesis.toml'),
      'run',
      document,
      '--url',
      server.url.href,
      '--seed',
      SEED,
    ];
    const selection = [
      '--max-examples',
      EXAMPLES,
      '--exclude-tag',
      'Invocations',
      '--exclude-operation-id',
      'getEvents',
    ];
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: folder, SCHEMATHESIS_HOOKS: 'hooks' };
    const { code, output } = await run(program, [...args, ...selection], { cwd: dir, env });
    const generated = /\d+ generated.*/.exec(output)?.[0] ?? 'nothing generated';
    t.diagnostic(`FUSIONIZER_SEED=${SEED} FUSIONIZER_FUZZ_EXAMPLES=${EXAMPLES}: ${generated}`);
    assert.equal(code, 0, output);
    assert.deepEqual(faults, []);
    assert.equal((await server.request('/-/health')).status, 200);
  });
});

/** Runs a program until it ends. */
function run(
  program: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
