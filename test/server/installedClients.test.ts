import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TestServer } from '../support/server.ts';
import { commands, pythonTask } from '../support/tasks.ts';

const TRIGGER = `  triggers:
    http: {kind: http, maxWorkers: 1, workerAvailabilityTimeoutMilliseconds: 3000}
`;

const CALLER = `
import asyncio, aiohttp, httpx

async def ask(url):
    async with httpx.AsyncClient() as client:
        first = await client.get(url, headers={"X-Own": "1"})
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        second = await answer.text()
    return [first.text, sorted(first.request.headers), second, sorted(answer.request_info.headers)]

def handler(context, event):
    url = "http://localhost:%s/callee/x" % event.body.decode()
    answer = httpx.get(url)
    return (200, [answer.text, sorted(answer.request.headers), *asyncio.run(ask(url))])
`;

it('[registry] httpx and aiohttp name the event of the Task that uses them', async (t) => {
  const server = await TestServer.start(t);
  await server.deploy('caller', pythonTask(CALLER, commands('pip install httpx aiohttp') + TRIGGER));
  await server.deploy(
    'callee',
    pythonTask("def handler(context, event):\n    return (200, ','.join(sorted(event.headers)))\n", TRIGGER),
  );
  const ask = () => server.request('/caller/', { method: 'POST', body: server.url.port });
  const apart = await ask();
  assert.equal(apart.status, 200, apart.text);
  await server.changeSetup('PUT', [['caller', 'callee']]);
  const fused = await ask();
  assert.equal(fused.text, apart.text);
  assert.doesNotMatch(fused.text, /fusionizer-event/i);
});
