import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packageRoot } from '../../../src/shared/packageRoot.ts';

type After = { after(fn: () => Promise<void>): void };

/** As the extension's pages have it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'nonce-x'",
  "font-src 'self'",
  "img-src 'self' data:",
  'worker-src blob:',
].join('; ');

/**
 * Serves a page from dist/webview, under the policy that it has in the editor, with a host in the place of the editor.
 * @param host the file of the host, in this folder
 * @param given what the host begins with, as JSON
 * @returns the address of a page for it
 */
export async function servePage(
  test: After,
  name: string,
  host: string,
): Promise<(given: unknown, theme?: string) => string> {
  const { bundlePages }: { bundlePages(outdir: string): Promise<void> } = await import(
    new URL('../../../scripts/bundlePages.mjs', import.meta.url).href
  );
  const dist = path.join(packageRoot(), 'dist', `webview-${process.pid}`);
  await bundlePages(dist);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(host, import.meta.url))],
    bundle: true,
    format: 'iife',
    write: false,
  });
  const script = outputFiles[0]?.text ?? '';
  const begins: string[] = [];
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    response.setHeader('Content-Security-Policy', POLICY);
    const [, kind = '', number = '', theme = ''] = pathname.split('/');
    const send = (type: string, body: string | Buffer): void => {
      response.setHeader('Content-Type', type).end(body);
    };
    if (kind === 'page')
      return send(
        'text/html',
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>
<meta property="csp-nonce" content="x">
<link rel="stylesheet" href="/theme/${theme}"><link rel="stylesheet" href="/${name}.css"></head>
<body class="${CLASSES[theme] ?? ''}">
<script src="/given/${number}"></script><script src="/host"></script>
<script src="/elements.js"></script><script src="/${name}.js"></script></body></html>`,
      );
    if (kind === 'given') return send('text/javascript', `globalThis.given = ${begins[Number(number)]};`);
    if (kind === 'host') return send('text/javascript', script);
    if (kind === 'theme') return send('text/css', THEMES[number] ?? '');
    if (kind.endsWith('.js') || kind.endsWith('.css'))
      return send(kind.endsWith('.js') ? 'text/javascript' : 'text/css', await readFile(path.join(dist, kind)));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(async () => {
    const { rm } = await import('node:fs/promises');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(dist, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  return (given, theme = 'light') => `http://127.0.0.1:${port}/page/${begins.push(JSON.stringify(given)) - 1}/${theme}`;
}

/** The classes that VS Code gives a page for its theme. */
const CLASSES: Readonly<Record<string, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  'hc-black': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast vscode-high-contrast-light',
};

const theme = (variables: Record<string, string>): string =>
  `:root {${Object.entries(variables)
    .map(([key, value]) => `--vscode-${key}: ${value};`)
    .join('')}}`;

/** What VS Code's own themes give a page, as far as the pages use it. */
const THEMES: Readonly<Record<string, string>> = {
  light: theme({
    'editor-background': '#ffffff',
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'sideBar-background': '#f8f8f8',
    'widget-border': '#e5e5e5',
    focusBorder: '#005fb8',
    'list-hoverBackground': '#f2f2f2',
    'list-inactiveSelectionBackground': '#e4e6f1',
    errorForeground: '#b01011',
    'editorWarning-foreground': '#7a5000',
    'testing-iconPassed': '#1a7f37',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'font-family': 'sans-serif',
    'font-size': '13px',
  }),
  dark: theme({
    'editor-background': '#1f1f1f',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'sideBar-background': '#181818',
    'widget-border': '#313131',
    focusBorder: '#0078d4',
    'list-hoverBackground': '#2a2d2e',
    'list-inactiveSelectionBackground': '#37373d',
    errorForeground: '#f85149',
    'editorWarning-foreground': '#cca700',
    'testing-iconPassed': '#73c991',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'font-family': 'sans-serif',
    'font-size': '13px',
  }),
  'hc-black': theme({
    'editor-background': '#000000',
    foreground: '#ffffff',
    descriptionForeground: '#ffffff',
    'sideBar-background': '#000000',
    contrastBorder: '#6fc3df',
    focusBorder: '#f38518',
    errorForeground: '#f48771',
    'editorWarning-foreground': '#ffd370',
    'testing-iconPassed': '#73c991',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#000000',
    'button-secondaryForeground': '#ffffff',
    'button-border': '#6fc3df',
  }),
  'hc-light': theme({
    'editor-background': '#ffffff',
    foreground: '#292929',
    descriptionForeground: '#292929',
    'sideBar-background': '#ffffff',
    contrastBorder: '#0f4a85',
    focusBorder: '#006bbd',
    errorForeground: '#b5200d',
    'editorWarning-foreground': '#895503',
    'testing-iconPassed': '#007100',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'button-border': '#0f4a85',
  }),
};
