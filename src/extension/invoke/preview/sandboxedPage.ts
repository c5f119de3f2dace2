/**
 * No source but inline styles and data: no script, no network, no frame, no form. A frame that a page would load or
 * lead to is refused by `default-src`, too.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; " +
  "form-action 'none'; base-uri 'none'";

/**
 * A document that shows an untrusted page. Three walls stand around the page, each of which is enough by itself for
 * what it keeps out: a frame with an empty `sandbox` (no scripts, forms, popups, navigation of the window and automatic
 * redirects), the policy, which the frame inherits, and a webview without scripts. A browser opens connections ahead
 * for links and frames, before it asks the policy, so there are no such elements.
 * @param note says that this is a preview
 */
export function sandboxedPage(page: string, note: string): string {
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<style>
html, body { height: 100%; margin: 0; padding: 0; }
body { display: flex; flex-direction: column; }
p { margin: 0; padding: 4px 10px; border-bottom: 1px solid var(--vscode-panel-border); }
iframe { flex: 1; border: 0; background: white; color-scheme: light; }
</style>
</head>
<body>
<p>${escaped(note)}</p>
<iframe sandbox title="${escaped(note)}" srcdoc="${escaped(framed(page))}"></iframe>
</body>
</html>`;
}

/** Start tags as the HTML standard reads them: a name ends at white space, `/` or `>`. */
const LINK = /<link(?=[\s/>]|$)/gi;
const FRAME = /<(?=(?:i?frame|frameset|fencedframe|portal|object|embed)(?:[\s/>]|$))/gi;
/** The target of a link or form. Without it, a click is refused; with it, the frame shows that it is refused. */
const TARGET = /(<(?:a|area|base|form)\b[^>]*?[\s"'])(?=target\s*=)/gi;

/** A link opens a new window, which the sandbox refuses: so a click on it does nothing, and the page stays. */
function framed(page: string): string {
  const head = '<meta http-equiv="x-dns-prefetch-control" content="off"><base target="_blank">';
  // <meta> ends a head as little as <link> does.
  const inert = page.replace(LINK, '<meta').replace(FRAME, '<x-').replace(TARGET, '$1data-');
  return `<!DOCTYPE html>${head}${inert}`;
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
