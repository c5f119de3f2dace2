import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../shared/packageRoot.ts';
import type { Document } from '../openapi/types.ts';
import { Html, html, inline, prose } from './html.ts';
import { operationSection, operationsOf } from './operation.ts';
import { schemaSection } from './schema.ts';

/**
 * A page and the policy that it is sent with. Only the page's own style and script run, and they can connect to this
 * server only.
 */
export interface Page {
  text: string;
  contentSecurityPolicy: string;
}

/** The page that shows the document and sends requests. Style and script are inside it: it loads nothing else. */
export function createPage(document: Document): Page {
  const style = readAsset('page.css') + readAsset('form.css');
  const script = readAsset('page.js');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${document.info.title}: HTTP API</title>
<style>${new Html(style)}</style>
</head>
<body>
<nav aria-label="Operations">
<p class="title">${document.info.title}</p>
${document.tags.map(({ name }) => navigation(document, name))}
<a class="tag" href="#schemas">Schemas</a>
</nav>
<main>
<header>
<h1>${document.info.title} <small>${document.info.version}</small></h1>
<p class="lead">${document.info.summary}.</p>
${prose(document.info.description)}
<p>This page is generated from <a href="openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p>
</header>
${document.tags.map(
  ({ name, description }) => html`<section id="tag-${name}">
<h2>${name}</h2>
<p>${inline(description)}</p>
${operationsOf(document, name).map((shown) => operationSection(shown, document))}
</section>
`,
)}
<section id="schemas">
<h2>Schemas</h2>
${Object.entries(document.components.schemas).map(([name, schema]) => schemaSection(name, schema))}
</section>
</main>
<script>${new Html(script)}</script>
</body>
</html>
`;
  return {
    text: page.text,
    contentSecurityPolicy: [
      "default-src 'none'",
      `style-src '${hashOf(style)}'`,
      `script-src '${hashOf(script)}'`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

function navigation(document: Document, tag: string): Html {
  const links = operationsOf(document, tag).map(
    ({ path: target, methods, operation: { operationId } }) =>
      html`<li><a href="#${operationId}"><span>${methods.length > 1 ? 'ANY' : methods[0]}</span> ${target}</a></li>`,
  );
  return html`<a class="tag" href="#tag-${tag}">${tag}</a>
<ul>${links}</ul>
`;
}

function readAsset(name: string): string {
  return readFileSync(path.join(packageRoot(), 'src', 'server', 'docs', name), 'utf8');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
