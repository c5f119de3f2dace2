import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerCors, readCors } from '../../../src/platform/embedded/function/cors.ts';
import { TestServer } from '../../support/server.ts';
import { nodeTask, pythonTask } from '../../support/tasks.ts';

const ORIGIN = 'http://app.example';
const SETTINGS = {
  enabled: true,
  allowOrigins: [ORIGIN, 'null'],
  allowCredentials: true,
  exposeHeaders: ['X-A', 'X-B'],
};
const ECHO = ['Access-Control-Allow-Origin', ORIGIN, 'Access-Control-Allow-Credentials', 'true'];
const VARY = ['Vary', 'Origin'];
const PREFLIGHT_VARY = ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'];
const PREFLIGHT = [
  ...[...PREFLIGHT_VARY, ...ECHO],
  ...['Access-Control-Allow-Methods', 'HEAD, GET, POST, PUT, DELETE, OPTIONS, PATCH'],
  ...['Access-Control-Allow-Headers', 'Accept, Content-Length, Content-Type, Authorization, X-Nuclio-Log-Level'],
  ...['Access-Control-Max-Age', '5'],
];

/** How an http trigger with these settings answers, without the handler (a status) or around it. */
const CASES: [what: string, method: string, headers: Record<string, string>, status: number | undefined, string[]][] = [
  [
    'an origin that may',
    'POST',
    { Origin: ORIGIN },
    undefined,
    [...VARY, ...ECHO, 'Access-Control-Expose-Headers', 'X-A, X-B'],
  ],
  ['an origin that may not', 'POST', { Origin: `${ORIGIN}.evil` }, 200, VARY],
  ['an origin in capitals', 'POST', { Origin: ORIGIN.toUpperCase() }, 200, VARY],
  ['no origin', 'POST', {}, 200, VARY],
  ['the origin of all sandboxes', 'POST', { Origin: 'null' }, 200, VARY],
  ['OPTIONS for itself', 'OPTIONS', { Origin: `${ORIGIN}:1` }, 200, VARY],
  ['a preflight', 'OPTIONS', { Origin: ORIGIN, 'Access-Control-Request-Method': 'PUT' }, 200, PREFLIGHT],
  [
    'a preflight of another origin',
    'OPTIONS',
    { Origin: 'x', 'Access-Control-Request-Method': 'PUT' },
    400,
    PREFLIGHT_VARY,
  ],
  [
    'a preflight for another method',
    'OPTIONS',
    { Origin: ORIGIN, 'Access-Control-Request-Method': 'FOO' },
    400,
    PREFLIGHT_VARY,
  ],
  ...(['accept,AUTHORIZATION', 'accept, x-own', ''] as const).map((names): (typeof CASES)[number] => {
    const headers = { Origin: ORIGIN, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': names };
    const fits = !names.includes('own');
    return [`a preflight for '${names}'`, 'OPTIONS', headers, fits ? 200 : 400, fits ? PREFLIGHT : PREFLIGHT_VARY];
  }),
];

describe('the CORS settings of an http trigger', () => {
  const cors = readCors({ kind: 'http', attributes: { cors: SETTINGS } });
  for (const [what, method, headers, status, expected] of CASES) {
    it(`answer ${what}`, () => {
      assert.ok(cors);
      const { answer, headers: own } = answerCors(cors, method, headers);
      assert.deepEqual([answer?.status, answer?.headers ?? own], [status, expected]);
    });
  }

  it('are none without `enabled: true`', () => {
    for (const own of [undefined, null, {}, { enabled: false }, { ...SETTINGS, enabled: 'true' }])
      assert.equal(readCors({ kind: 'http', attributes: { cors: own } }), undefined);
  });

  it('reach the client once each; a header of the handler takes the place of one of them', async (t) => {
    const server = await TestServer.start(t);
    const spec = `  triggers:\n    http: {kind: http, attributes: {cors: ${JSON.stringify(SETTINGS)}}}\n`;
    const own = { 'access-control-allow-origin': '*', Vary: 'Accept' };
    await server.deploy('plain', nodeTask("exports.handler = (c) => c.callback('plain');", spec));
    await server.deploy(
      'node',
      nodeTask(`exports.handler = (c) => c.callback(new c.Response('', ${JSON.stringify(own)}));`, spec),
    );
    const code = `def handler(context, event):\n    return context.Response(headers=${JSON.stringify(own)})\n`;
    await server.deploy('python', pythonTask(code, spec));
    const shown = async (path: string, init: Parameters<TestServer['request']>[1]): Promise<unknown[]> => {
      const { status, headers } = await server.request(path, init);
      return [status, headers['access-control-allow-origin'], headers['vary'], headers['access-control-max-age']];
    };
    const headers = { Origin: ORIGIN };
    assert.deepEqual(await shown('/plain', { method: 'POST', headers }), [200, ORIGIN, 'Origin', undefined]);
    for (const task of ['node', 'python'])
      assert.deepEqual(await shown(`/${task}`, { method: 'POST', headers }), [200, '*', 'Accept', undefined], task);
    const preflight = { method: 'OPTIONS', headers: { ...headers, 'Access-Control-Request-Method': 'POST' } };
    assert.deepEqual(await shown('/plain', preflight), [200, ORIGIN, PREFLIGHT_VARY[1], '5']);
  });
});
