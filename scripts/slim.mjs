/** The part of iconv-lite that body-parser uses. */
const DECODERS = `
exports.encodingExists = (name) => {
  try {
    return Boolean(new TextDecoder(name));
  } catch {
    return false;
  }
};
exports.getDecoder = (name) => {
  const decoder = new TextDecoder(name);
  return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
};
exports.decode = (buffer, name) => new TextDecoder(name).decode(buffer);
`;

/** The part of pako that jszip uses for packing. */
const DEFLATE = `
const { deflateRawSync } = require('node:zlib');
exports.Deflate = class {
  #chunks = [];
  #level;
  constructor({ level }) {
    this.#level = level;
  }
  push(chunk, last) {
    this.#chunks.push(Uint8Array.from(chunk));
    if (last) this.onData(deflateRawSync(Buffer.concat(this.#chunks), { level: this.#level }));
  }
};
`;

/**
 * The parts of packages that the extension does not need, each with its replacement. The command line is bundled
 * without these replacements. The tests of the server in its own process therefore run with the original packages, and
 * those in VS Code with the replacements.
 */
const PARTS = [
  // Messages in 50 languages: only English is shown.
  { filter: /zod[\\/]v4[\\/]locales[\\/]index\.(js|cjs)$/, contents: "export { default as en } from './en.js';" },
  // Reading JSON Schema: the server only writes it.
  {
    filter: /zod[\\/]v4[\\/]classic[\\/]from-json-schema\.(js|cjs)$/,
    contents: 'export const fromJSONSchema = undefined;',
  },
  // Tables of a hundred encodings: Node.js supports them too.
  { filter: /[\\/]iconv-lite[\\/]lib[\\/]index\.js$/, contents: DECODERS },
  // Nested query strings: the server's queries are flat.
  { filter: /[\\/]qs[\\/]lib[\\/]index\.js$/, contents: "module.exports = require('node:querystring');" },
  // Exemplars of OpenTelemetry: the metrics do not have any.
  { filter: /@opentelemetry[\\/]api[\\/].*index\.c?js$/, contents: 'module.exports = {};' },
  // Kinds of metrics that the server does not have, metrics of the process itself, and of clusters.
  {
    filter: /prom-client[\\/]lib[\\/](summary|pushgateway|defaultMetrics|cluster)\.js$/,
    contents: 'module.exports = undefined;',
  },
  // Streams of older versions of Node.js.
  { filter: /[\\/]readable-stream[\\/]readable\.js$/, contents: "module.exports = require('node:stream');" },
  // Compression in JavaScript: Node.js has zlib.
  { filter: /[\\/]pako[\\/]index\.js$/, contents: DEFLATE },
  // Reading zips: the server unpacks them entry by entry with yauzl.
  { filter: /[\\/]jszip[\\/]lib[\\/]load\.js$/, contents: 'module.exports = undefined;' },
  // The verbose mode of execa.
  {
    filter: /[\\/]execa[\\/]lib[\\/]verbose[\\/]default\.js$/,
    contents: 'export const defaultVerboseFunction = undefined;',
  },
  // Debugging of Express by an environment variable.
  {
    filter: /[\\/]debug[\\/]src[\\/]index\.js$/,
    contents: 'module.exports = () => Object.assign(() => undefined, { enabled: false });',
  },
  // Sending files, and headers of proxies: the server sends only its own pages, and trusts no proxy.
  { filter: /[\\/]serve-static[\\/]index\.js$/, contents: 'module.exports = {};' },
  { filter: /[\\/]send[\\/]index\.js$/, contents: 'module.exports = {};' },
  { filter: /[\\/]proxy-addr[\\/]index\.js$/, contents: 'module.exports = { compile: () => () => false };' },
];

/** The endings of the kinds of files that the server sends. */
const SENT = new Set(['html', 'txt', 'json', 'js', 'css', 'svg', 'png', 'ico', 'bin', 'yaml', 'xml']);

/** An esbuild plugin that leaves out code that is never used. */
export const slim = {
  name: 'slim',
  setup(build) {
    for (const { filter, contents } of PARTS) build.onLoad({ filter }, () => ({ contents, loader: 'js' }));
    build.onLoad({ filter: /mime-db[\\/]db\.json$/ }, async ({ path }) => {
      const all = (await import(path, { with: { type: 'json' } })).default;
      const sent = Object.entries(all).filter(([, { extensions }]) => extensions?.some((ending) => SENT.has(ending)));
      return { contents: JSON.stringify(Object.fromEntries(sent)), loader: 'json' };
    });
  },
};
