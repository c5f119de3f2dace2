import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionsIn } from '../../../src/extension/config/sourceFunctions.ts';

/** A source, and the names that are found in it: those that are no likely handlers with a question mark. */
const JAVASCRIPT: [source: string, ...names: string[]][] = [
  ['module.exports = { run: async (context, event) => context.callback(event) };', 'run'],
  ['module.exports = { run: (context, event) => { a(1, 2); }, other: async function (context) {} };', 'run', 'other'],
  ['module.exports = { handler(context, event) { return { a, b }; }, next(context, event) {} };', 'handler', 'next'],
  ['module.exports = { async run(context, event) {}, *many(context) {}, async *both(ctx) {} };', 'run', 'many', 'both'],
  ['module.exports = { get run() { return f; }, set run(value) {}, set size(context) {} };', 'run'],
  ['module.exports = { get, set, async, add(a, b) {} };', 'get', 'set', 'async', 'add?'],
  ['module.exports = { handler, other, };', 'handler', 'other'],
  [`module.exports = { 'run': f, "go"(context) {}, 'my-name': f, ['one']: f, [two]: f };`, 'run', 'go', 'one'],
  ['module.exports = { ...require("./other"), ...{ lost: f }, kept: f };', 'kept'],
  ['module.exports = { nested: { inner: f }, list: [a, b], run: f };', 'run'],
  ['module.exports = { a: "}", b: `,x: }`, c: /[,}]/, /* , d: f } */ run: f, // , e: f\n go: f };', 'run', 'go'],
  ['Object.assign(exports, { handler });', 'handler'],
  ['Object.assign(module.exports, { run: (context, event) => {} });', 'run'],
  ['export { one, two as handler };', 'one', 'handler'],
  ['export default function handler(context, event) {}', 'default'],
  ['export default async (context, event) => {};', 'default'],
  ['export default { run: (context, event) => {} };', 'run'],
  ['const text = `\nexports.handler = f;\nexport const run = f;`;'],
  ['exports = module.exports = f;\nexports["run"] = (context) => {};', 'run'],
];
const PYTHON: [source: string, ...names: string[]][] = [
  ['"""Usage:\n\ndef sample(context, event):\n    pass\n"""\ndef run(context, event): pass\n', 'run'],
  ["'''\ndef sample(context, event): '''\ndef handler(context, event): pass\n", 'handler'],
  ['A = "\\\ndef sample(context, event):"\ndef run(context, event): pass\n', 'run'],
  ['def run(context, event, ending=")", other=1): pass\n', 'run'],
  ['# it\'s """\ndef run(context, event): pass\n', 'run'],
];

const found = (source: string, family: 'nodejs' | 'python'): string[] =>
  functionsIn(source, family).map(({ name, likely }) => (likely ? name : `${name}?`));

for (const [family, rows] of [['nodejs', JAVASCRIPT] as const, ['python', PYTHON] as const])
  for (const [source, ...names] of rows)
    test(`functions in ${family}: ${JSON.stringify(source)}`, () => assert.deepEqual(found(source, family), names));

test('hostile text of 512 KiB is read quickly', () => {
  for (const piece of ['export {\n', '/*', '=/[', '`', '"""', "'\\", 'module.exports = {[(', '{ a(', '=/a\\', ' '])
    for (const family of ['nodejs', 'python'] as const) {
      const start = performance.now();
      functionsIn(piece.repeat((512 * 1024) / piece.length), family);
      const took = performance.now() - start;
      assert.ok(took < 2000, `${JSON.stringify(piece)} as ${family}: ${took} ms`);
    }
});
