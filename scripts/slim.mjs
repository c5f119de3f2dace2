/** What body-parser wants of iconv-lite. */
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

/** What jszip wants of pako: it only packs. */
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
 * What packages bring along for cases that the extension does not have; each with what stands in for it. The command
 * line is bundled without this, so the tests of the server in its own process run with the packages as they are, and
 * those in VS Code with these.
 */
const PARTS = [
  // Messages in 50 languages; English is what is shown.
  { filter: /zod[\\/]v4[\\/]locales[\\/]index\.(js|cjs)$/, contents: "export { default as en } from './en.js';" },
  // Reading JSON Schema; the server only writes it.
  {
    filter: /zod[\\/]v4[\\/]classic[\\/]from-json-schema\.(js|cjs)$/,
    contents: 'export const fromJSONSchema = undefined;',
  },
  // Tables of a hundred encodings: Node.js knows them too.
  { filter: /[\\/]iconv-lite[\\/]lib[\\/]index\.js$/, contents: DECODERS },
  // Nested query strings: the server's queries are flat.
  { filter: /[\\/]qs[\\/]lib[\\/]index\.js$/, contents: "module.exports = require('node:querystring');" },
  // Exemplars of OpenTelemetry, which the metrics do not have.
  { filter: /@opentelemetry[\\/]api[\\/].*index\.c?js$/, contents: 'module.exports = {};' },
  // Streams of older versions of Node.js.
  { filter: /[\\/]readable-stream[\\/]readable\.js$/, contents: "module.exports = require('node:stream');" },
  // Compression in JavaScript: Node.js has zlib.
  { filter: /[\\/]pako[\\/]index\.js$/, contents: DEFLATE },
  // Reading of zips: the server unpacks them entry by entry, with yauzl.
  { filter: /[\\/]jszip[\\/]lib[\\/]load\.js$/, contents: 'module.exports = undefined;' },
  // What execa writes when it is told to be verbose.
  {
    filter: /[\\/]execa[\\/]lib[\\/]verbose[\\/]default\.js$/,
    contents: 'export const defaultVerboseFunction = undefined;',
  },
  // Debugging of Express by an environment variable.
  {
    filter: /[\\/]debug[\\/]src[\\/]index\.js$/,
    contents: 'module.exports = () => Object.assign(() => undefined, { enabled: false });',
  },
  // Files and proxies' headers: the server sends its own pages only, and trusts no proxy.
  { filter: /[\\/]serve-static[\\/]index\.js$/, contents: 'module.exports = {};' },
  { filter: /[\\/]send[\\/]index\.js$/, contents: 'module.exports = {};' },
  { filter: /[\\/]proxy-addr[\\/]index\.js$/, contents: 'module.exports = { compile: () => () => false };' },
];

/** Endings of what the server sends. */
const SENT = new Set(['html', 'txt', 'json', 'js', 'css', 'svg', 'png', 'ico', 'bin', 'yaml', 'xml']);

/** An esbuild plugin that leaves out what is never used. */
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
