import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hub } from '../../src/engine/observe/hub.ts';
import { Traces } from '../../src/engine/observe/traces.ts';
import { createApp } from '../../src/server/api/app.ts';
import { ENDPOINTS } from '../../src/server/api/endpoints.ts';
import { classify } from '../../src/server/http/requestPath.ts';
import { createDocument } from '../../src/server/openapi/document.ts';
import type { ServerParts } from '../../src/server/parts.ts';
import { eventSchemas } from '../../src/shared/api.ts';
import { STATUS } from '../../src/shared/errors.ts';
import { TestServer } from '../support/server.ts';

const document = createDocument(ENDPOINTS, '1.2.3', 'fusionizer_token_8000');
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const isInvocation = ({ operation }: (typeof operations)[number]): boolean => operation.tags.includes('Invocations');

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

/** Method and path of every route that Express has; those for all methods are answered 405. */
function routesOf(stack: readonly Layer[]): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (!route) return routesOf(handle.stack ?? []);
    return Object.keys(route.methods)
      .filter((method) => method !== '_all')
      .map((method) => `${method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`);
  });
}

describe('/-/openapi.json', () => {
  it('has every route that Express has, and no other operation but invocations', () => {
    const app = createApp({ hub: new Hub(), traces: new Traces() } as ServerParts);
    const documented = operations.filter((one) => !isInvocation(one)).map(({ method, path }) => `${method} ${path}`);
    assert.ok(documented.length > 15);
    assert.deepEqual(routesOf(app.router.stack as unknown as Layer[]).sort(), documented.sort());
  });

  it('has as invocations what is taken for one', () => {
    for (const one of operations) {
      const target = one.path.replace('{task}', 'taska').replace('{path}', 'some').replace('{id}', '1');
      assert.equal(classify(one.method, target).kind === 'invocation', isInvocation(one), `${one.method} ${one.path}`);
    }
  });

  it('holds together: references lead somewhere, ids are unique, paths and their parameters agree', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    assert.ok(references.length > 50);
    for (const [reference, kind, name] of references) {
      assert.ok(name !== undefined && name in document.components[kind as 'schemas' | 'responses'], reference);
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(
        operation.parameters?.flatMap((one) => (one.in === 'path' ? [one.name] : [])) ?? [],
        inPath,
        path,
      );
    }
  });

  it('names every error code, and every event', () => {
    for (const [code, status] of Object.entries(STATUS)) {
      assert.match(document.components.responses[`Error${status}`]?.description ?? '', new RegExp(`\`${code}\``));
    }
    const description = document.paths['/-/events']?.['get']?.description ?? '';
    for (const name of Object.keys(eventSchemas)) assert.ok(description.includes(`\`${name}\``), name);
  });

  it('is served with the version of the server', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.request('/-/openapi.json');
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    const { version } = (await server.request('/-/health')).json<{ version: string }>();
    assert.deepEqual(
      answer.json(),
      JSON.parse(JSON.stringify(createDocument(ENDPOINTS, version, `fusionizer_token_${server.url.port}`))),
    );
  });
});
