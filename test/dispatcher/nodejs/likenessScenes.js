'use strict';

// Longer uses for likeness.test.js: answers that are read twice, redirects, signals and Request objects.

const TEXT = 'new TextEncoder().encode';
const STREAM = `new ReadableStream({ start(c) { c.enqueue(${TEXT}("s")); c.enqueue(${TEXT}("t")); c.close(); } })`;

const SCENES = [
  '(async () => { const r = await f(base + "/body/json"); return [r.clone() === r, await r.clone().json(), ' +
    'await r.json()]; })()',
  '(async () => { const r = await f(base + "/body/json"); const c = r.clone(); await r.text(); return ' +
    '[c.bodyUsed, await c.text()]; })()',
  '(async () => { const r = await f(base + "/body/json"); await r.json(); return r.json(); })()',
  '(async () => { const r = await f(base + "/body/json"); await r.json(); return r.clone(); })()',
  '(async () => { const r = await f(base + "/body/json"); await r.text(); return r.blob(); })()',
  '(async () => { const r = await f(base + "/body/json"); await r.body.cancel(); return [r.bodyUsed, await ' +
    'r.text()]; })()',
  '(async () => { const r = await f(base + "/body/json"); const q = r.body.getReader(); return ' +
    '[r.body.locked, r.bodyUsed, (await q.read()).done, r.bodyUsed]; })()',
  '(async () => { const r = await f(base + "/body/json"); r.body.getReader(); return r.clone(); })()',
  '(async () => { const r = await f(base + "/body/json"); r.body.getReader(); return r.text(); })()',
  '(async () => { const r = await f(base + "/body/json"); let n = 0; for await (const c of r.body) n += ' +
    'c.length; return [n, r.bodyUsed]; })()',
  '(async () => { const r = await f(base + "/body/json"); const [a, b] = r.body.tee(); return [await new ' +
    'Response(a).text(), await new Response(b).text(), r.bodyUsed]; })()',
  '(async () => { const r = await f(base + "/body/text"); return Buffer.concat(await ' +
    'Array.fromAsync?.(r.body) ?? []).length; })()',
  '(async () => { const r = await f(base + "/body/text"); const b = await r.arrayBuffer(); return ' +
    '[b.byteLength, b.constructor.name]; })()',
  '(async () => { const r = await f(base + "/body/text"); const b = await r.blob(); return [b.type, b.size, ' +
    'b instanceof Blob, await b.slice(0, 3).text()]; })()',
  '(async () => { const r = await f(base + "/body/text"); return [r.ok, r.type, r.redirected, ' +
    '[...r.headers.keys()].includes("content-type"), r.headers.get("nope")]; })()',
  '(async () => { const r = await f(base + "/"); return JSON.stringify(r); })()',
  '(async () => { const r = await f(base + "/"); return Object.keys(r); })()',
  '(async () => { const r = await f(base + "/"); return [typeof r.json, typeof r.then, r.nothing, "ok" in ' +
    'r, r.hasOwnProperty("status")]; })()',
  '(async () => { const r = await f(base + "/"); r.status = 7; return r.status; })()',
  '(async () => { const r = await f(base + "/"); r.mine = 7; return r.mine; })()',
  '(async () => { const { status, ok, headers } = await f(base + "/"); return [status, ok, ' +
    'headers.get("x-custom")]; })()',
  '(async () => { const r = await f(base + "/"); return new Response(r.body, r).text(); })()',
  '(async () => { const r = await f(base + "/"); return [...new Headers(r.headers)].filter(([n]) => ' +
    'n.startsWith("x-")); })()',
  '(async () => { const r = await f(base + "/"); const seen = []; r.headers.forEach((v, n) => ' +
    'seen.push(n)); return seen.includes("x-custom"); })()',
  '(async () => { const r = await f(base + "/go/302", { redirect: "manual" }); return [r.status, r.type, ' +
    'r.ok, r.url, r.redirected, r.headers.get("location"), await r.text()]; })()',
  '(async () => { const r = await f(base + "/go/308", { redirect: "manual", method: "POST", body: "x" }); ' +
    'return [r.status, r.type, await r.text()]; })()',
  '(async () => { const r = await f(base + "/redirect/two"); return [r.clone().redirected, r.clone().url, ' +
    'r.type]; })()',
  'f(base + "/go/307", { redirect: "error", method: "POST", body: "x" })',
  'f(base + "/redirect/file")',
  'f(base + "/redirect/user")',
  'f(base + "/redirect/broken")',
  ...[301, 302, 303, 307, 308].flatMap((status) =>
    ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map(
      (method) =>
        `f(base + "/go/${status}", { method: "${method}"${/GET|HEAD/.test(method) ? '' : ', body: "kept"'}, headers: ` +
        '{ "Content-Type": "a/b", "X-A": "1", "Content-Language": "x", Authorization: "A", Cookie: "c=1" } ' +
        '}).then(async (r) => ' +
        '[r.status, r.url, r.redirected, await r.text()])',
    ),
  ),
  `f(base + "/go/303", { method: "POST", duplex: "half", body: ${STREAM} }).then((r) => r.json())`,
  `f(base + "/go/302", { method: "POST", duplex: "half", body: ${STREAM} }).then((r) => r.json())`,
  `f(base + "/go/308", { method: "POST", duplex: "half", body: ${STREAM} }).then((r) => r.json())`,
  'f(base + "/go/307", { method: "POST", body: new FormData() }).then(async (r) => (await r.json()).method)',
  'f(base + "/go/307", { method: "POST", body: new Blob(["b"]) }).then(async (r) => (await r.json()).body)',
  'f(new Request(base + "/go/307", { method: "POST", body: "q" })).then(async (r) => (await r.json()).body)',
  '(async () => { const c = new AbortController(); const r = await f(base + "/body/json", { signal: ' +
    'c.signal }); c.abort(); return r.status; })()',
  '(async () => { const c = new AbortController(); c.abort("before"); return f(base + "/echo", { signal: ' +
    'c.signal }); })()',
  '(async () => { const c = new AbortController(); const p = f(base + "/late", { signal: c.signal }); ' +
    'c.abort(); return p; })()',
  '(async () => { const c = new AbortController(); const p = f(base + "/late", { signal: c.signal }); ' +
    'setTimeout(() => c.abort("text"), 5); return p; })()',
  '(async () => { const c = new AbortController(); const p = f(new Request(base + "/late", { signal: ' +
    'c.signal })); setTimeout(() => c.abort(new RangeError("mine")), 5); return p; })()',
  'f(base + "/late", { signal: AbortSignal.timeout(10) }).catch((e) => [e.name, e.message, e.code, e ' +
    'instanceof DOMException])',
  'f(base + "/late", { signal: AbortSignal.abort() }).catch((e) => [e.name, e.message, e.code, e instanceof ' +
    'DOMException])',
  'f(base + "/late", { signal: AbortSignal.any([AbortSignal.timeout(10), new AbortController().signal]) ' +
    '}).catch((e) => e.name)',
  'Promise.all([f(base + "/late"), f(base + "/echo")]).then((all) => all.map((r) => r.status))',
  'Promise.race([f(base + "/late").then(() => "late"), f(base + "/echo").then(() => "echo")])',
  'f(base + "/echo", { method: "POST", duplex: "half", body: new ReadableStream(), signal: ' +
    'AbortSignal.timeout(20) })',
  'f(base + "/busy", { signal: AbortSignal.timeout(5) })',
  'f(base + "/busy", { signal: AbortSignal.timeout(2000) }).then((r) => r.status)',
  'f(base + "/busy/later", { signal: AbortSignal.timeout(5) })',
  'f(base + "/busy/later", { signal: AbortSignal.timeout(2000) }).then((r) => r.status)',
  'f(base + "/").then((r) => r.headers.get("content-length"))',
  'typeof f',
  'f.name === fetch.name || typeof f.name',
  'f(base + "/echo", { method: "POST", body: "a" }, "third").then((r) => r.status)',
  'f.call(null, base + "/echo").then((r) => r.status)',
  '(() => { const p = f(base + "/echo"); p.catch(() => {}); return p instanceof Promise; })()',
  '(() => { const p = f("http://"); p.catch(() => {}); return p instanceof Promise; })()',
  '(() => { const p = f(base + "/echo", { method: "A B" }); p.catch(() => {}); return p instanceof Promise; })()',
  'f(Symbol("s"))',
  'f({})',
  'f([base + "/echo"]).then((r) => r.status)',
  'f(new String(base + "/echo")).then((r) => r.status)',
  'f("data:text/plain,hello").then((r) => r.text())',
  'f("blob:nothing")',
  'f("file:///etc/hosts")',
  'f("about:blank")',
  'f("ftp://x.test/")',
  'f("http://127.0.0.1:1/")',
  'f("http://u:p@127.0.0.1:1/")',
  '(async () => { const d = new FormData(); d.set("k", "v"); d.append("f", new Blob(["file"], { type: "x/y" ' +
    '}), "n.txt"); const e = await (await f(base + "/echo", { method: "POST", body: d })).json(); return ' +
    '[e.body.replace(/-+formdata-undici-\\d+/g, "B"), e.headers["Content-Type"].replace(/=.*/, ""), ' +
    'e.headers["Content-Length"] > 0, e.headers["Transfer-Encoding"]]; })()',
  '(async () => { const q = new Request(base + "/echo", { method: "POST", body: "x" }); const c = ' +
    'q.clone(); await f(q); return [(await (await f(c)).json()).body, q.bodyUsed, c.bodyUsed]; })()',
  '(async () => { const q = new Request(base + "/echo", { method: "POST", body: "x" }); await q.text(); ' +
    'return f(q); })()',
  '(async () => { const q = new Request(base + "/echo", { method: "POST", body: "x" }); return (await ' +
    '(await f(q, { method: "PUT", headers: { "X-A": "2" } })).json()); })()',
  '(async () => { const q = new Request(base + "/echo", { method: "POST", body: "old" }); return (await ' +
    '(await f(q, { body: "new" })).json()); })()',
  '(async () => { const q = new Request(base + "/echo"); return (await (await f(q, { method: "POST", body: ' +
    '"new" })).json()); })()',
  '(async () => { const q = new Request(base + "/echo", { cache: "no-store", mode: "same-origin" }); return ' +
    '(await (await f(q)).json()); })()',
  '(async () => { const u = new URL(base + "/echo"); u.searchParams.set("a", "ü"); return (await (await ' +
    'f(u)).json()); })()',
];

module.exports = { SCENES };
