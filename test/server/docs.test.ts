import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { ENDPOINTS } from '../../src/server/api/endpoints.ts';
import { html, prose } from '../../src/server/docs/html.ts';
import { createPage } from '../../src/server/docs/page.ts';
import { createDocument } from '../../src/server/openapi/document.ts';
import { TestServer } from '../support/server.ts';

describe('/-/docs', () => {
  it('is a page with every path, a form for each operation, and every schema', async (t) => {
    const server = await TestServer.start(t);
    const answer = await server.request('/-/docs');
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    const document = createDocument(ENDPOINTS, '1.2.3', 'fusionizer_token_8000');
    for (const path of Object.keys(document.paths)) assert.ok(answer.text.includes(`<form data-path="${path}">`), path);
    for (const name of Object.keys(document.components.schemas))
      assert.ok(answer.text.includes(`id="schema-${name}"`), name);
    for (const [, id] of answer.text.matchAll(/href="#([^"]*)"/g)) assert.ok(answer.text.includes(`id="${id}"`), id);
  });

  it('runs its own script and style only, and takes nothing from elsewhere', async (t) => {
    const server = await TestServer.start(t);
    const { text, headers } = await server.request('/-/docs');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /unsafe|\*|http/);
    for (const tag of ['style', 'script']) {
      const [, content = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(text) ?? [];
      assert.ok(policy.includes(`${tag}-src 'sha256-${createHash('sha256').update(content).digest('base64')}'`), tag);
    }
    assert.doesNotMatch(text, /(src|href)="(https?:)?\/\//);
    assert.doesNotMatch(text, / style=| on\w+=/);
  });

  it('escapes what the document says', () => {
    const evil = '<img src=x onerror="alert(1)">';
    const document = createDocument(ENDPOINTS, '1.2.3', 'fusionizer_token_8000');
    const { text } = createPage({
      ...document,
      info: { ...document.info, title: evil, description: `\`${evil}\`` },
      tags: [{ name: 'Tasks', description: evil }],
    });
    assert.ok(!text.includes('<img'));
    assert.equal(html`<p title="${'"'}">${"<&'"}</p>`.text, '<p title="&quot;">&lt;&amp;&#39;</p>');
    assert.equal(html`${prose('a `b` <c>\n\nd')}`.text, '<p>a <code>b</code> &lt;c&gt;</p><p>d</p>');
  });
});
