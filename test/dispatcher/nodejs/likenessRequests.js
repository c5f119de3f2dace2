'use strict';

// More uses for likeness.test.js: what a request says besides its method and body, bodies of all kinds, signals,
// redirects, and the ways to read an answer twice.

const { SCENES } = require('./likenessScenes');

const TEXT = 'new TextEncoder().encode';
const STREAM = `new ReadableStream({ start(c) { c.enqueue(${TEXT}("s")); c.enqueue(${TEXT}("t")); c.close(); } })`;
const BROKEN = 'new ReadableStream({ pull() { throw new Error("mine"); } })';
const ASYNC = '(async function* () { yield Buffer.from("gen"); yield "erator"; })()';
const SLOW =
  '{ async *[Symbol.asyncIterator]() { await new Promise((d) => setTimeout(d, 5)); yield Buffer.from("slow"); } }';

/** Bodies; each is sent with several methods and content types. */
const BODIES = [
  STREAM,
  ASYNC,
  SLOW,
  'Object.assign(async () => {}, { x: 1 })',
  'new ReadableStream({ start(c) { c.close(); } })',
  BROKEN,
  'new Response("of a response").body',
  'new Blob(["blob ä"]).stream()',
  'require("node:stream").Readable.from(["node", "stream"])',
  'new Blob(["b"], { type: "x/y" })',
  'new Blob([])',
  'new File(["f"], "name.txt", { type: "text/plain" })',
  'new URLSearchParams([["a", "ü &"], ["a", "2"]])',
  'new URLSearchParams()',
  'new Uint8Array([0, 255])',
  'new Uint8Array(0)',
  'new Uint8Array([1, 2, 3, 4]).subarray(1, 3)',
  'new ArrayBuffer(2)',
  'new SharedArrayBuffer(2)',
  'Buffer.from("é", "latin1")',
  '"\\ud800 lone"',
  '""',
  '"x".repeat(100000)',
  '[1, 2]',
  '["a"]',
  'true',
  '0',
  'new Date(0)',
  '{ toString: () => "mine" }',
  'Symbol("s")',
  'new String("boxed")',
  '(function* () { yield Buffer.from("sync"); })()',
  'null',
  'undefined',
];
const BODY_INITS = ['', ', headers: { "Content-Type": "a/b" }', ', headers: { "content-type": "" }'];

const HEADERS = [
  '{ "Content-Type": "" }',
  '{ "Content-Type": " " }',
  '{ "Content-Type": " a/b " }',
  '{ "Content-Type": "text/plain; charset=é" }',
  '{ "Content-Type": "application/json", "content-type": "a/b" }',
  '{ "Content-Length": "1" }',
  '{ "Content-Length": "5" }',
  '{ "Content-Length": "x" }',
  '{ "Accept": "" }',
  '{ "accept-encoding": "identity" }',
  '{ "Accept-Encoding": "br", "Accept-Language": "de" }',
  '{ "Sec-Fetch-Mode": "navigate" }',
  '{ "Sec-Fetch-Site": "same-origin" }',
  '{ "User-Agent": "" }',
  '{ "Range": "bytes=0-1" }',
  '{ "If-None-Match": "x" }',
  '{ "If-Modified-Since": "x", "Cache-Control": "mine" }',
  '{ "If-Range": "x", "Pragma": "mine" }',
  '{ "Cache-Control": "no-store" }',
  '{ "Connection": "keep-alive" }',
  '{ "Connection": "close" }',
  '{ "Connection": "Close" }',
  '{ "Connection": "x" }',
  '{ "Keep-Alive": "timeout=5" }',
  '{ "Transfer-Encoding": "chunked" }',
  '{ "Transfer-Encoding": "identity" }',
  '{ "Upgrade": "websocket" }',
  '{ "Expect": "100-continue" }',
  '{ "TE": "trailers" }',
  '{ "Host": "other.test" }',
  '{ "Cookie": "a=1" }',
  '{ "Cookie2": "x", "DNT": "1", "Date": "x", "Via": "x" }',
  '{ "Referer": "http://x.test/", "Origin": "null" }',
  '{ "Authorization": "Bearer x" }',
  '{ "Proxy-Authorization": "x" }',
  '{ "X-A": "1", "x-A": "2", "X-a": "3" }',
  '{ "X-A": ["1", "2"] }',
  '{ "X-A": {} }',
  '{ "X-A": true }',
  '{ "X-A": "" }',
  '{ "X-A": "a\\tb" }',
  '{ "X-A": "\\u0000" }',
  '{ "X-A": "ÿ" }',
  '{ "X-A": Symbol("s") }',
  '{ "__proto__x": "1", "constructor": "2" }',
  '{ "X:A": "1" }',
  '{ "X-Ä": "1" }',
  'Object.create({ "X-A": "inherited" })',
  'new (class { constructor() { this["X-A"] = "1"; } })()',
  'new Headers([["X-A", "1"], ["x-a", "2"], ["Cookie", "a"], ["cookie", "b"]])',
  'new Map([["X-A", "1"], ["Content-Type", "a/b"]])',
  '[["X-A", "1"], ["X-A", "2"]]',
  '[new Set(["X-A", "1"])]',
  '(function* () { yield ["X-A", "1"]; })()',
  '[]',
  '[[]]',
  'new URLSearchParams("X-A=1")',
  'true',
  'Symbol("s")',
  '() => {}',
];

const INITS = [
  '{ cache: "no-store" }',
  '{ cache: "no-cache" }',
  '{ cache: "reload" }',
  '{ cache: "default" }',
  '{ cache: "force-cache" }',
  '{ mode: "cors" }',
  '{ mode: "no-cors" }',
  '{ mode: "same-origin" }',
  '{ mode: "websocket" }',
  '{ credentials: "omit" }',
  '{ credentials: "include" }',
  '{ credentials: "same-origin" }',
  '{ referrer: "" }',
  '{ referrer: "about:client" }',
  '{ referrerPolicy: "strange" }',
  '{ keepalive: true, method: "POST", body: "k" }',
  '{ keepalive: false }',
  '{ duplex: "half" }',
  '{ duplex: "half", method: "POST", body: "x" }',
  '{ window: null }',
  '{ window: undefined }',
  '{ priority: "low" }',
  '{ dispatcher: undefined }',
  '{ unknown: 1 }',
  '{ signal: undefined }',
  '{ signal: new AbortController().signal }',
  '{ signal: AbortSignal.abort(undefined) }',
  '{ signal: AbortSignal.abort(null) }',
  '{ signal: AbortSignal.abort(7) }',
  '{ signal: AbortSignal.timeout(5000) }',
  '{ signal: AbortSignal.any([AbortSignal.abort(new RangeError("mine"))]) }',
  '{ method: null }',
  '{ method: 7 }',
  '{ method: "GET ", body: "x" }',
  '{ method: "gEt" }',
  '{ method: "head" }',
  '{ method: "patch", body: "p" }',
  '{ method: "Patch", body: "p" }',
  '{ method: "put", body: "p" }',
  '{ method: "TRACE" }',
  '{ method: "track" }',
  '{ method: "connect" }',
  '{ method: "GÄT" }',
  '{ method: "PROPFIND", body: "x" }',
  '{ method: "REPORT" }',
  '{ method: Symbol("s") }',
  '{ method: ["POST"] }',
  '{ method: "GET", body: null }',
  '{ method: "GET", body: undefined }',
  '{ method: "GET", body: "" }',
  '{ method: "HEAD", body: "x" }',
  '{ method: "DELETE", body: "d" }',
  '{ method: "OPTIONS", body: "o" }',
  '{ redirect: undefined }',
  '{ redirect: null }',
  '{ redirect: "FOLLOW" }',
  'new Request(base)',
  'Object.create({ method: "POST", body: "inherited" })',
  '[]',
  '() => {}',
  'Symbol("s")',
  'true',
  '0',
  '""',
];

function requestUses() {
  const echo = '.then(async (r) => [r.status, r.url, await r.json()])';
  const list = [];
  for (const body of BODIES)
    for (const more of BODY_INITS)
      for (const [method, duplex] of [
        ['POST', ', duplex: "half"'],
        ['POST', ''],
        ['DELETE', ', duplex: "half"'],
      ])
        list.push(`f(base + '/echo', { method: "${method}", body: ${body}${duplex}${more} })${echo}`);
  for (const headers of HEADERS) {
    list.push(`f(base + '/echo', { headers: ${headers} })${echo}`);
    list.push(`f(base + '/echo', { method: "POST", body: "x", headers: ${headers} })${echo}`);
    list.push(`f(base + '/echo', { method: "POST", body: Buffer.from("x"), headers: ${headers} })${echo}`);
    list.push(`f(new Request(base + '/echo', { method: "PUT", body: "x", headers: ${headers} }))${echo}`);
  }
  for (const init of INITS) list.push(`f(base + '/echo', ${init})${echo}`);
  return [...list, ...SCENES].map((code) => [code, code]);
}

module.exports = { requestUses };
