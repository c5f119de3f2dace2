// The table of which folder of src/ may import which; docs/architecture.md explains it. Run as a program, this script
// writes biome.imports.json, with which the linter enforces the table. A test fails when that file is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const RULES_FILE = path.join(root, 'biome.imports.json');

/** The folders that each folder may import, besides itself and `shared`. A name that ends in `.ts` is a single file. */
export const MAY_IMPORT = {
  shared: [],
  task: [],
  state: [],
  secrets: [],
  client: ['task', 'state'],
  platform: ['task', 'secrets'],
  engine: ['task', 'secrets', 'platform/platform.ts'],
  triggers: ['task'],
  optimizer: ['task'],
  server: ['engine', 'optimizer', 'triggers', 'task', 'secrets'],
  cli: ['client', 'task', 'state', 'secrets', 'startServer.ts'],
  extension: ['client', 'task', 'state', 'secrets', 'startServer.ts'],
  demo: ['client', 'task', 'state', 'secrets', 'startServer.ts'],
};

/** Everything directly in src/. */
const PARTS = [...Object.keys(MAY_IMPORT), 'startServer.ts'];
/** startServer.ts ties everything below it together. */
const ABOVE_THE_ROOT = ['client', 'cli', 'extension', 'demo'];
/** The depths of files below src/, in folders. */
const DEPTHS = [1, 2, 3, 4];

const VSCODE = 'Only src/extension may import vscode: everything else runs without an editor';
const message = (folder, allowed) =>
  `src/${folder} may import ${['src/shared', ...allowed.map((name) => `src/${name}`)].join(', ')} besides itself: ` +
  'see docs/architecture.md';

/** Patterns of the import specifiers that are not allowed in a file `up` folders below src/. */
function refused(own, allowed, up) {
  const prefix = '../'.repeat(up) || './';
  const parts = PARTS.filter((part) => part !== own && part !== 'shared' && !allowed.includes(part));
  const wholes = parts.map((part) => (part.endsWith('.ts') ? `${prefix}${part}` : `${prefix}${part}/**`));
  return [...wholes, ...allowed.filter((name) => name.includes('/')).map((name) => `!${prefix}${name}`)];
}

function override(includes, patterns, text, vscode) {
  const paths = vscode ? {} : { paths: { vscode: VSCODE } };
  const options = { ...paths, ...(patterns.length > 0 ? { patterns: [{ group: patterns, message: text }] } : {}) };
  return { includes, linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } } };
}

/** Pages run in a browser: of src/, they have src/shared alone. */
function pageOverrides() {
  const text = 'webview/ may import src/shared and itself: see docs/architecture.md';
  return DEPTHS.map((depth) => {
    const up = '../'.repeat(depth);
    const files = `webview/${'*/'.repeat(depth - 1)}*.{ts,tsx}`;
    return override([files], [`${up}src/**`, `!${up}src/shared/**`, 'node:*'], text, false);
  });
}

/** The text of biome.imports.json. */
export function importRules() {
  const overrides = [];
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    for (const depth of DEPTHS) {
      const files = `src/${folder}/${'*/'.repeat(depth - 1)}*.ts`;
      overrides.push(
        override([files], refused(folder, allowed, depth), message(folder, allowed), folder === 'extension'),
      );
    }
  }
  overrides.push(...pageOverrides());
  const above = ABOVE_THE_ROOT.map((part) => `./${part}/**`);
  const text =
    'src/startServer.ts makes a server out of its parts: it imports neither the client nor what uses a server';
  overrides.push(override(['src/startServer.ts'], above, text, false));
  const $schema = './node_modules/@biomejs/biome/configuration_schema.json';
  return `${JSON.stringify({ $schema, overrides }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (readFileSync(RULES_FILE, { encoding: 'utf8', flag: 'a+' }) !== importRules())
    writeFileSync(RULES_FILE, importRules());
}
