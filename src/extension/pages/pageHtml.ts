import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

/** The folder of the pages in the extension: a script and a style sheet for each. */
const FOLDER = ['dist', 'webview'];

/** What a webview needs to show a page. */
export const pageOptions = (extension: Uri): { enableScripts: true; localResourceRoots: Uri[] } => ({
  enableScripts: true,
  localResourceRoots: [Uri.joinPath(extension, ...FOLDER)],
});

/**
 * The document of a page. Nothing runs but the page's own script, and nothing comes from elsewhere.
 * @param name of the page's files in dist/webview
 * @param title for screen readers
 */
export function pageHtml(webview: Webview, extension: Uri, name: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (named: string): Uri => webview.asWebviewUri(Uri.joinPath(extension, ...FOLDER, named));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    'worker-src blob:',
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<title>${title}</title>
<link rel="stylesheet" href="${file(`${name}.css`)}">
</head>
<body>
<script nonce="${nonce}" src="${file('elements.js')}"></script>
<script nonce="${nonce}" src="${file(`${name}.js`)}"></script>
</body>
</html>
`;
}
