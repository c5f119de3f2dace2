import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The pages, by the names of their folders in webview/. */
export const PAGES = ['schedule', 'trace', 'map', 'explorer'];

/** Those with a host of their own for a browser, in webview/browser/. */
const HOSTS = ['trace', 'map', 'schedule'];

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'chrome120',
  tsconfig: path.join('webview', 'tsconfig.json'),
  logLevel: 'warning',
};

/** Bundles the pages into a folder: a script and a style sheet for each, and elements.js for all. */
export async function bundlePages(outdir) {
  await build({
    ...COMMON,
    entryPoints: [
      ...PAGES.flatMap((name) =>
        ['main.tsx', `${name}.css`].map((file) => ({ in: path.join('webview', name, file), out: name })),
      ),
      ...HOSTS.map((name) => ({ in: path.join('webview', 'browser', `${name}.ts`), out: `${name}.host` })),
      { in: path.join('webview', 'browser', 'browser.css'), out: 'browser' },
      { in: path.join('webview', 'kit', 'elements.ts'), out: 'elements' },
    ],
    outdir,
    plugins: [workers],
  });
}

/** `worker:./file.ts` is the bundled script of a worker, as text: pages may not load one from an address. */
const workers = {
  name: 'workers',
  setup(outer) {
    outer.onResolve({ filter: /^worker:/ }, ({ path: name, resolveDir }) => ({
      path: path.join(resolveDir, name.slice('worker:'.length)),
      namespace: 'worker',
    }));
    outer.onLoad({ filter: /./, namespace: 'worker' }, async ({ path: file }) => {
      const { outputFiles } = await build({ ...COMMON, entryPoints: [file], write: false });
      return { contents: outputFiles[0].text, loader: 'text', watchFiles: [file] };
    });
  },
};
