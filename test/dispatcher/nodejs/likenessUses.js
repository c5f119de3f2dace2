'use strict';

// The uses of a session that likeness.test.js compares: code with `f`, which is fetch, and `base`, an address.

const READINGS = [
  'r.text()',
  'r.json()',
  'r.arrayBuffer().then((b) => [b instanceof ArrayBuffer, Buffer.from(b).toString("latin1")])',
  'r.blob().then(async (b) => [b.type, b.size, await b.text()])',
  'r.bytes().then((b) => [b.constructor.name, Buffer.from(b).toString("latin1")])',
  'r.formData().then((d) => [...d.entries()])',
  'r.body === null ? null : (async () => Buffer.concat(await Array.fromAsync(r.body)).toString("latin1"))()',
  'r.body === null ? null : new Response(r.body).text()',
  'r.clone().text().then(async (copy) => [copy, await r.text()])',
  '(await r.text(), r.bodyUsed)',
  '(await r.text(), r.text())',
  '(await r.text(), r.clone())',
  '(await r.text(), r.body?.locked)',
  '(r.body, r.bodyUsed, r.text())',
  '(r.body?.getReader(), r.text())',
];
const PARTS = [
  'r.status',
  'r.ok',
  'r.statusText',
  'r.url',
  'r.redirected',
  'r.type',
  'r.bodyUsed',
  'r instanceof Response',
  'String(r)',
  'Object.prototype.toString.call(r)',
  'r.constructor === Response',
  'r.headers instanceof Headers',
  'r.headers.get("content-type")',
  'r.headers.get("x-custom")',
  'r.headers.has("X-CUSTOM")',
  'r.headers.getSetCookie()',
  'r.headers.set("a", "b")',
  'r.headers.append("a", "b")',
  'r.headers.delete("x-custom")',
  'r.headers === r.headers',
  'r.clone().headers.set("a", "b")',
  'r.clone() instanceof Response',
  '[r.clone().status, r.clone().url, r.clone().type, r.clone().redirected]',
  '"json" in r && "bytes" in Response.prototype === "bytes" in r',
  'new Response(await r.text(), r).status',
  'new Response(r.body, { headers: r.headers }).headers.get("x-custom")',
];
const INITS = [
  'undefined',
  'null',
  '{}',
  '{ method: "post" }',
  '{ method: "PUT", body: "x" }',
  '{ method: "delete" }',
  '{ method: "" }',
  '{ method: "A B" }',
  '{ method: "CONNECT" }',
  '{ method: "trace" }',
  '{ method: "HEAD" }',
  '{ method: "options" }',
  '{ method: "PATCH", body: "p" }',
  '{ method: undefined }',
  '{ body: "x" }',
  '{ method: "POST", body: "text ä" }',
  '{ method: "POST", body: "" }',
  '{ method: "POST", body: null }',
  '{ method: "POST", body: 7 }',
  '{ method: "POST", body: {} }',
  '{ method: "POST", body: Buffer.from("raw") }',
  '{ method: "POST", body: new Uint8Array([1, 2]).buffer }',
  '{ method: "POST", body: new DataView(new ArrayBuffer(3), 1) }',
  '{ method: "POST", body: new Uint16Array([65]) }',
  '{ method: "POST", body: new URLSearchParams({ a: "1 2" }) }',
  '{ method: "POST", body: new Blob(["b"], { type: "x/y" }) }',
  '{ method: "POST", body: new Blob(["b"]), headers: { "content-type": "z/z" } }',
  '{ method: "POST", body: new ReadableStream() }',
  '{ method: "POST", headers: { "X-A": "1" } }',
  '{ headers: [["Cookie", "a=1"], ["cookie", "b=2"]] }',
  '{ headers: [["X-A", "1"], ["x-a", "2"]] }',
  '{ headers: new Headers({ "x-a": "1" }) }',
  '{ headers: new Map([["X-A", "1"]]) }',
  '{ headers: { "X-A": 1 } }',
  '{ headers: { "X-A": null } }',
  '{ headers: { "X-A": undefined } }',
  '{ headers: { "X-A": " \\t1 \\n" } }',
  '{ headers: { "X-A": "a\\r\\nb" } }',
  '{ headers: { "X-A": "€" } }',
  '{ headers: { "X A": "1" } }',
  '{ headers: { "": "1" } }',
  '{ headers: "X-A: 1" }',
  '{ headers: 7 }',
  '{ headers: null }',
  '{ headers: [["X-A"]] }',
  '{ headers: [["X-A", "1", "2"]] }',
  '{ headers: ["X-A", "1"] }',
  '{ headers: { Authorization: "x" } }',
  '{ headers: { "user-agent": "mine", accept: "a/b" } }',
  '{ redirect: "never" }',
  '{ mode: "strange" }',
  '{ credentials: "strange" }',
  '{ cache: "strange" }',
  '{ referrer: "://" }',
  '{ window: 1 }',
  '{ mode: "navigate" }',
  '{ cache: "only-if-cached" }',
  '{ signal: 7 }',
  '{ signal: {} }',
  '{ signal: null }',
  '{ signal: AbortSignal.abort() }',
  '{ signal: AbortSignal.abort(new Error("mine")) }',
  '{ signal: AbortSignal.abort("words") }',
  '{ keepalive: true }',
  '{ integrity: "", referrerPolicy: "no-referrer", priority: "high" }',
  '{ duplex: "full" }',
  '7',
  '"GET"',
];
const INPUTS = [
  '"/relative"',
  '""',
  '"http://"',
  '"nonsense:"',
  'undefined',
  'null',
  '7',
  'new URL(base + "/echo")',
  '{ toString: () => base + "/echo" }',
  '" " + base + "/echo\\n"',
  'base + "/echo#part"',
  'base + "/echo?a=%"',
  'base + "/echo/100%"',
  'base + "/echo/a b/ä?ö=ü x"',
  'base + "/echo/../echo/./x"',
  'base + "/echo/%2e%2e/echo"',
  'base + "\\\\echo"',
  'base + "/echo?"',
  'base + "/echo?="',
  'base + "/echo?a=1#b?c"',
  'base.replace("http", "HTTP") + "/echo"',
  'base + "/echo/[x]|^`"',
  'new Request(base + "/echo")',
  'new Request(base + "/echo", { method: "POST", body: "of the Request", headers: { "X-A": "1" } })',
  'new Request(base + "/echo#part")',
];
const REQUEST_INITS = [
  ['new Request(base + "/echo", { method: "POST", body: "old" })', '{ body: "new" }'],
  ['new Request(base + "/echo", { method: "POST", body: "old", headers: { "X-A": "1" } })', '{ headers: {} }'],
  ['new Request(base + "/echo", { method: "POST", body: "old" })', '{ method: "PUT" }'],
  ['new Request(base + "/echo", { method: "POST", body: "old" })', '{ method: "GET" }'],
  ['new Request(base + "/echo", { signal: AbortSignal.abort() })', 'undefined'],
  ['new Request(base + "/go/302")', '{ redirect: "manual" }'],
  ['new Request(base + "/go/302", { redirect: "error" })', 'undefined'],
];
const SCENES = [
  '(async () => { const q = new Request(base + "/echo", { method: "POST", body: "x" }); await f(q); ' +
    'return q.bodyUsed; })()',
  '(async () => { const q = new Request(base + "/echo", { method: "POST", body: "x" }); await f(q); ' +
    'return f(q); })()',
  'f()',
  'f.length >= 0 && (await f(base + "/echo")) instanceof Response',
  'f(base + "/echo", { method: "POST", body: new ReadableStream({ start(c) ' +
    '{ c.enqueue(new TextEncoder().encode("s")); c.close(); } }), duplex: "half" }).then((r) ' +
    '=> r.json()).then((e) => e.body)',
  'f(base + "/echo", { method: "POST", duplex: "half", body: (async function* () ' +
    '{ yield Buffer.from("gen"); })() }).then((r) => r.json()).then((e) => e.body)',
  '(() => { const d = new FormData(); d.set("k", "v"); return f(base + "/echo", { method: "POST", ' +
    'body: d }).then((r) => r.json()).then((e) => [/multipart/.test(e.headers["Content-Type"]), ' +
    '/name="k"/.test(e.body)]); })()',
  'f(base + "/go/302", { redirect: "manual" }).then((r) => [r.status, r.type, r.headers.get("location"), ' +
    'r.redirected])',
  'f(base + "/go/302", { redirect: "error" })',
  'f(base + "/redirect/loop")',
  'f(base + "/redirect/two").then((r) => [r.url, r.redirected])',
  'f(base + "/redirect/fragment").then((r) => r.url)',
  'f(base + "/go/307", { method: "POST", duplex: "half", body: new ReadableStream({ start(c) { c.close(); } }) })',
  'f(base + "/go/307", { method: "POST", body: "kept", headers: { "X-A": "1" } }).then((r) => r.json())',
  'f(base + "/go/302", { method: "POST", body: "gone", headers: { "Content-Type": "a/b", "X-A": "1" } ' +
    '}).then((r) => r.json())',
  'f(base + "/go/303", { method: "PUT", body: "gone" }).then((r) => r.json())',
  'f(base + "/go/301", { method: "PUT", body: "kept" }).then((r) => r.json())',
  'f(base + "/go/303", { method: "HEAD" }).then((r) => [r.status, r.url])',
  'f(base + "/echo", { method: "HEAD" }).then(async (r) => [r.status, r.body, await r.text(), r.bodyUsed])',
  '(async () => { const c = new AbortController(); const p = f(base + "/late", { signal: c.signal }); ' +
    'setTimeout(() => c.abort(new Error("mine")), 5); return p; })()',
  '(async () => { const c = new AbortController(); const p = f(base + "/late", { signal: c.signal }); ' +
    'setTimeout(() => c.abort(), 5); return p; })()',
  'f(base + "/late", { signal: AbortSignal.timeout(5) })',
  '(async () => { const b = Buffer.from("before"); const p = f(base + "/echo", { method: "POST", ' +
    'body: b }); b.fill("x"); return (await (await p).json()).body; })()',
  '(async () => { const h = { "X-A": "1" }; const p = f(base + "/echo", { headers: h }); h["X-A"] = "2"; ' +
    'return (await (await p).json()).headers["X-A"]; })()',
];

/** The answers of the callee, by path: status, headers, content type, body as Latin-1. */
function answers() {
  const zlib = require('node:zlib');
  const plain = Buffer.from('squeezed '.repeat(50));
  const gzip = zlib.gzipSync(plain);
  /** @type {Record<string, [number, Record<string, string>, string, Buffer]>} */
  const made = {
    '/': [200, { 'X-Custom': '1', 'Set-Cookie': 'a=b; Path=/' }, 'text/plain', Buffer.from('x')],
    '/late': [200, {}, 'text/plain', Buffer.from('late')],
    '/form': [200, {}, 'application/x-www-form-urlencoded', Buffer.from('a=1&b=2')],
  };
  const bodies = {
    json: '{"a": "ä"}',
    bom: '\ufeff{"a": 1}',
    broken: '{"a":',
    empty: '',
    text: 'grüße €',
  };
  for (const [name, body] of Object.entries(bodies))
    made[`/body/${name}`] = [200, {}, 'application/json', Buffer.from(body)];
  made['/body/latin1'] = [200, {}, 'text/plain; charset=latin1', Buffer.from('é', 'latin1')];
  made['/body/binary'] = [200, {}, 'application/octet-stream', Buffer.from([0, 255, 128, 65])];
  const packed = {
    gzip: ['gzip', gzip],
    upper: ['GZIP', gzip],
    'x-gzip': ['x-gzip', gzip],
    cut: ['gzip', gzip.subarray(0, -12)],
    trailing: ['gzip', Buffer.concat([gzip, Buffer.from('junk')])],
    zlib: ['deflate', zlib.deflateSync(plain)],
    raw: ['deflate', zlib.deflateRawSync(plain)],
    br: ['br', zlib.brotliCompressSync(plain)],
    twice: ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(plain))],
    lie: ['gzip', plain],
    strange: ['strange', plain],
    half: ['strange, gzip', gzip],
    identity: ['identity', plain],
    empty: ['gzip', Buffer.alloc(0)],
    zstd: ['zstd', Buffer.concat([Buffer.from('28b52ffd2005290000', 'hex'), Buffer.from('plain')])],
    brUpper: ['BR', zlib.brotliCompressSync(plain)],
    brCut: ['br', zlib.brotliCompressSync(plain).subarray(0, -4)],
    brLie: ['br', plain],
    both: ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(plain))],
    many: [
      Array(7).fill('gzip').join(),
      Array(7)
        .fill(0)
        .reduce((body) => zlib.gzipSync(body), plain),
    ],
    commas: [',gzip,', gzip],
    none: ['', plain],
  };
  for (const [name, [coding, body]] of Object.entries(packed))
    made[`/packed/${name}`] = [200, { 'Content-Encoding': coding }, 'text/plain', body];
  for (const status of [200, 201, 203, 204, 205, 206, 304, 400, 404, 418, 499, 500, 599])
    made[`/status/${status}`] = [status, { 'X-Custom': '1' }, 'text/plain', Buffer.from('body')];
  for (const status of [300, 301, 302, 303, 304, 305, 307, 308])
    made[`/go/${status}`] = [status, { Location: '/TASK/echo' }, 'text/plain', Buffer.from('moved')];
  const goals = {
    loop: '/TASK/redirect/loop',
    two: '/TASK/go/302',
    relative: '../echo?a=1',
    fragment: '/TASK/echo#there',
    empty: '',
    'no-scheme': '//HOST/TASK/echo',
    file: 'file:///etc/hosts',
    broken: 'http://[',
    user: 'http://u:p@HOST/TASK/echo',
  };
  for (const [name, goal] of Object.entries(goals))
    made[`/redirect/${name}`] = [302, { Location: goal }, 'text/plain', Buffer.from('moved')];
  return made;
}

/** Pairs of a name and an expression. */
function uses() {
  const echo = '.then(async (r) => [r.status, r.url, await r.json()])';
  const list = [];
  for (const path of Object.keys(answers())) {
    if (path === '/late') continue;
    if (path.startsWith('/body/') || path.startsWith('/packed/') || path === '/form' || /20[45]|304/.test(path))
      for (const code of READINGS) list.push([`${path} ${code}`, `(async (r) => ${code})(await f(base + '${path}'))`]);
    if (path === '/' || path.startsWith('/status/') || path.startsWith('/go/'))
      for (const code of PARTS) list.push([`${path} ${code}`, `(async (r) => ${code})(await f(base + '${path}'))`]);
    if (path.startsWith('/go/') || path.startsWith('/redirect/'))
      list.push([path, `f(base + '${path}').then(async (r) => [r.status, r.url, r.redirected, await r.text()])`]);
  }
  for (const init of INITS) list.push([`init ${init}`, `f(base + '/echo', ${init})${echo}`]);
  for (const input of INPUTS) list.push([`input ${input}`, `f(${input})${echo}`]);
  for (const [input, init] of REQUEST_INITS)
    list.push([`${input}, ${init}`, `f(${input}, ${init}).then(async (r) => [r.status, r.url, await r.text()])`]);
  for (const scene of SCENES) list.push([scene, scene]);
  return list;
}

module.exports = { answers, uses };
