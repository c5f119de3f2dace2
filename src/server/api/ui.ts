import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Response, Router } from 'express';
import * as z from 'zod';
import { FusionizerError } from '../../shared/errors.ts';
import { packageRoot } from '../../shared/packageRoot.ts';
import { html } from '../docs/html.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

/** The pages in a browser, with the names that links have. */
const PAGES = { explorer: 'Invocations', trace: 'Trace', map: 'Fusion Map', schedule: 'Schedule' } as const;
type PageName = keyof typeof PAGES;
/** Those that show something without being told what. */
const IN_NAVIGATION: readonly PageName[] = ['explorer', 'map', 'schedule'];

/** A page's scripts in their order. Those that an editor shows, too, have one that stands for it. */
const scriptsOf = (name: string): string[] =>
  name === 'explorer' ? ['explorer.js'] : [`${name}.host.js`, 'elements.js', `${name}.js`];
const STYLE = 'browser.css';
const FILES = new Set([STYLE, ...Object.keys(PAGES).flatMap((name) => [`${name}.css`, ...scriptsOf(name)])]);
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

export const getUi = endpoint({
  method: 'get',
  path: '/-/ui',
  id: 'getUi',
  tag: 'Server',
  summary: 'What was invoked, as a page',
  answers: { 200: { description: 'The page', content: { 'text/html': z.string() } } },
  errors: [],
});

export const getUiPage = endpoint({
  method: 'get',
  path: '/-/ui/{page}',
  id: 'getUiPage',
  tag: 'Server',
  summary: 'A page for a browser',
  description:
    '`trace` shows the trace that the query names, `?id=ID`, or two of them on one time axis; ' +
    '`map` shows who calls whom, and fuses; `schedule` edits the schedule.',
  params: z.object({ page: z.string().describe(`One of ${Object.keys(PAGES).join(', ')}`) }),
  answers: { 200: { description: 'The page', content: { 'text/html': z.string() } } },
  errors: ['not-found'],
});

export const getUiFile = endpoint({
  method: 'get',
  path: '/-/ui/files/{file}',
  id: 'getUiFile',
  tag: 'Server',
  summary: 'A script or style of these pages',
  params: z.object({ file: z.string().describe('Its name') }),
  answers: {
    200: { description: 'The file', content: { 'text/javascript': z.string(), 'text/css': z.string() } },
  },
  errors: ['not-found'],
});

/** `/-/ui`: the pages that the editor has as well, for users of the command line and of a remote server. */
export function uiRoutes(): Router {
  const router = Router({ caseSensitive: true });
  const sendPage = (response: Response, name: PageName): void => {
    const { text, policy } = pageOf(name);
    response
      .set({ ...HEADERS, 'Content-Security-Policy': policy })
      .type('text/html')
      .send(text);
  };
  serve(router, getUi, (_request, response) => sendPage(response, 'explorer'));
  serve(router, getUiPage, (_request, response, { params: { page } }) => {
    if (!Object.hasOwn(PAGES, page)) throw noSuch(`page ${page}`);
    sendPage(response, page as PageName);
  });
  serve(router, getUiFile, async (_request, response, { params: { file } }) => {
    if (!FILES.has(file)) throw noSuch(`file ${file}`);
    const content = await readFile(path.join(packageRoot(), 'dist', 'webview', file)).catch(() => {
      throw new FusionizerError('not-found', `The file ${file} of this page was not built: run npm run build`);
    });
    response
      .set(HEADERS)
      .type(TYPES[path.extname(file)] ?? 'text/plain')
      .send(content);
  });
  return router;
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // Another version of the server has other files under these names.
  'Cache-Control': 'no-cache',
};

const noSuch = (what: string): FusionizerError =>
  new FusionizerError('not-found', `There is no ${what}: /-/ui shows what there is`);

/** A page and the policy that it is sent with: its own scripts run, and it connects to this server only. */
function pageOf(name: PageName): { text: string; policy: string } {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    'worker-src blob:',
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>${PAGES[name]}: Fusionizer</title>
<link rel="stylesheet" href="/-/ui/files/${name}.css">
<link rel="stylesheet" href="/-/ui/files/${STYLE}">
</head>
<body class="browser">
<nav class="pages" aria-label="Fusionizer"><strong>Fusionizer</strong>
${IN_NAVIGATION.map((one) => link(one, name))}
<a href="/-/docs">HTTP API</a></nav>
<div id="page"></div>
${scriptsOf(name).map((file) => html`<script nonce="${nonce}" src="/-/ui/files/${file}"></script>`)}
</body>
</html>
`;
  return { text: page.text, policy };
}

const link = (to: PageName, current: PageName) =>
  to === current
    ? html`<a href="/-/ui/${to}" aria-current="page">${PAGES[to]}</a>`
    : html`<a href="/-/ui/${to}">${PAGES[to]}</a>`;
