import { type Attack, fill, many, upload, YAML } from './attack.ts';

/** Without the handler's file nothing is deployed, which would take longer than all that is read before. */
const SPEC = 'spec:\n  runtime: nodejs\n  handler: nowhere:handler\n';
const GOOD = SPEC.replace('nowhere', 'main');
const HANDLER = "exports.handler = (context) => context.callback('evil');\n";

const yaml = (what: string, text: () => string, status = 422): Attack =>
  upload(`function.yaml: ${what}`, status, () => ({ 'function.yaml': text().slice(0, YAML), 'main.js': HANDLER }));

/** What follows a valid beginning. */
const more = (what: string, text: () => string): Attack => yaml(what, () => SPEC + text());

/** What is valid, and deployed. */
const good = (what: string, text: () => string): Attack => yaml(what, () => GOOD + text(), 200);
const slow = (attack: Attack): Attack => ({ ...attack, slow: true });

/** A text in place of a value, as long as it may be. */
const value = (what: string, key: string, text: (length: number) => string, tail = ''): Attack =>
  yaml(what, () => `${key}${text(YAML - key.length - tail.length - SPEC.length - 1)}${tail}\n${SPEC}`);

/** Of all shapes that YAML has, as large as a function.yaml may be. */
export const YAML_ATTACKS: readonly Attack[] = [
  yaml('a flow map of numbers', () => `x: {${many(60_000, String)}}`),
  yaml('flow lists in each other', () => fill('[', YAML)),
  yaml('flow maps in each other', () => fill('{a: ', YAML)),
  yaml('block maps in each other', () => many(700, (level) => `${' '.repeat(level)}a:\n`).join('')),
  yaml('block lists in each other', () => fill('- ', YAML)),
  yaml('explicit keys in each other', () => fill('? ', YAML)),
  yaml('closing brackets', () => fill(']', YAML)),
  yaml('commas', () => `x: [${fill(',', YAML - 4)}]`),
  yaml('colons', () => fill(': ', YAML)),
  yaml('empty values', () => fill('-\n', YAML)),
  yaml('anchors', () => many(25_000, (index) => `- &a${index} b\n`).join('')),
  yaml('aliases of one anchor', () => `a: &a [b]\nx: [${fill('*a ,', YAML - 20)}]`),
  more(
    'aliases that multiply',
    () => `a0: &a0 [x, x]\n${many(40, (index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`).join('')}`,
  ),
  more('an alias in itself', () => 'a: &a {b: *a}\n'),
  more(
    'a chain of merge keys',
    () => `m0: &m0 {k: v}\n${many(300, (index) => `m${index + 1}: &m${index + 1} {<<: *m${index}}\n`).join('')}`,
  ),
  good('merge keys that replace much', () => {
    const keys = many(500, (index) => `k${index}: v`);
    return `m: &m {${keys}}\nn: {${keys}, ${many(80, () => '<<: *m')}}\n`;
  }),
  more('a map with a key again and again', () => `x: {${fill('a: b, ', 14_000)}}`),
  more('2,300 repeated keys with spaces around', () => fill('a: b\n', 11_500)),
  value('a plain text', 'x: ', (length) => fill('a', length)),
  value('a plain text of words', 'x: ', (length) => `${fill('a ', length - 1)}a`),
  value('a plain text of spaces between two words', 'x: a', (length) => `${fill(' ', length - 1)}b`),
  value('a plain text of short lines', 'x: a', (length) => fill('\n a', length)),
  value('a plain text of empty lines', 'x: a', (length) => `${fill('\n', length - 2)} a`),
  value('a plain text of lines of spaces', 'x: a', (length) => `${fill('\n    ', length - 3)}\n a`),
  value('a plain text of colons', 'x: a', (length) => fill(':a', length)),
  value('a plain text of tabs and lines', 'x: a', (length) => fill(` a${'\t'.repeat(500)}\n`, length), ' a'),
  value('a quoted text', 'x: "', (length) => fill('a', length), '"'),
  value('a quoted text of escapes', 'x: "', (length) => fill(String.raw`\u0041`, length), '"'),
  value('a quoted text of wrong escapes', 'x: "', (length) => fill(String.raw`\q`, length), '"'),
  value('a quoted text of short lines', 'x: "', (length) => fill('a\n ', length), '"'),
  value('a quoted text of spaces', 'x: "', (length) => fill(' ', length), '"'),
  value('a quoted text of spaces and lines', 'x: "', (length) => fill(`${' '.repeat(5000)}a\n`, length), '"'),
  value('a quoted text of lines that continue', 'x: "', (length) => fill('\\\n', length), '"'),
  value('a quoted text without an end', 'x: "', (length) => fill('a\n ', length)),
  value('a single-quoted text of spaces', "x: '", (length) => fill(' ', length), "'"),
  value('a single-quoted text of short lines', "x: '", (length) => fill('a\n ', length), "'"),
  value('a single-quoted text of quotes', "x: '", (length) => fill("''", length), "'"),
  value('a block text', 'x: |\n', (length) => fill(' a\n', length)),
  value('a block text of empty lines', 'x: |\n  a', (length) => fill('\n', length)),
  value('a block text of lines of spaces', 'x: |\n', (length) => `${fill('      \n', length - 10)}       a`),
  value('a folded text', 'x: >\n', (length) => fill(' a\n', length)),
  value('a folded text of indented lines', 'x: >\n', (length) => ` b\n${fill('   a\n\n', length - 3)}`),
  value('a comment', '#', (length) => fill('#', length)),
  value('a comment of spaces', '#', (length) => fill(' ', length)),
  value('short comments', '', (length) => fill('#\n', length)),
  value('empty lines', '', (length) => fill('\n', length)),
  value('lines of spaces', '', (length) => fill('  \n', length)),
  value('spaces', '', (length) => fill(' ', length)),
  value('carriage returns', '', (length) => fill('\r', length)),
  value('tabs', '', (length) => fill('\t', length)),
  yaml('many documents', () => fill('---\n', YAML)),
  yaml('many ends of documents', () => fill('...\n', YAML)),
  yaml('many directives', () => `${fill('%FOO bar\n', YAML - 9)}---\na: b`),
  yaml('many tag directives', () => `${many(10_000, (index) => `%TAG !${index}! tag:x,2000:\n`).join('')}---\n`),
  value('a tag', 'x: !', (length) => fill('a', length - 2), ' b'),
  value('a tag of escapes', 'x: !', (length) => fill('%41', length - 2), ' b'),
  slow(good('many tags', () => many(1300, (index) => `a${index}: !!str b\n`).join(''))),
  value('a number in base 10', 'x: 1', (length) => fill('7', length)),
  value('a number with a sign', 'x: -1', (length) => fill('7', length)),
  value('a number in base 8', 'x: 0', (length) => fill('7', length)),
  value('a number in base 16', 'x: 0x', (length) => fill('f', length)),
  value('a number of underscores', 'x: 1', (length) => fill('_', length)),
  value('a fraction of underscores', 'x: .1', (length) => fill('_1', length)),
  value('a key that is a number', '1', (length) => fill('7', length - 1), ': b'),
  value('a key', '', (length) => fill('k', length - 3), ': b'),
  value('a text with the tag !!int', 'x: !!int ', (length) => fill('a', length)),
  value('a text with the tag !!binary', 'x: !!binary ', (length) => fill('a', length)),
  slow(
    good('unknown keys that are nearly known ones', () =>
      many(1300, (index) => `  readinessTimeoutSecond${index}: 1\n`).join(''),
    ),
  ),
  good('unknown keys of 60 characters', () =>
    many(1300, (index) => `  ${'k'.repeat(55)}${String(index).padStart(5, '0')}: 1\n`).join(''),
  ),
  good(
    '550 numbers in place of texts',
    () => `  env:\n${many(550, (i) => `  - name: A${i}\n    value: 007\n`).join('')}`,
  ),
  more('1,500 wrong values', () => `  env:\n${many(1500, () => '  - 1\n').join('')}`),
  slow(good('550 variables', () => `  env:\n${many(550, (i) => `  - {name: A${i}, value: b}\n`).join('')}`)),
  slow(good('1,200 labels', () => `metadata:\n  labels:\n${many(1200, (i) => `    a${i}: b\n`).join('')}`)),
  slow(
    good(
      '250 cron triggers',
      () => `  triggers:\n${many(250, (i) => `    t${i}: {kind: cron, attributes: {interval: 1h}}\n`).join('')}`,
    ),
  ),
  good(
    '250 cron triggers with schedules',
    () =>
      `  triggers:\n${many(250, (i) => `    t${i}: {kind: cron, attributes: {schedule: "0 0 29 2 1"}}\n`).join('')}`,
  ),
  more(
    'a schedule of many parts',
    () => `  triggers:\n    t: {kind: cron, attributes: {schedule: "${fill('*/5,', 200_000)}1 * * * *"}}\n`,
  ),
  more(
    'a schedule of many spaces',
    () => `  triggers:\n    t: {kind: cron, attributes: {schedule: "*${fill(' ', 200_000)}"}}\n`,
  ),
  more(
    'an interval of many parts',
    () => `  triggers:\n    t: {kind: cron, attributes: {interval: "${fill('1s', 200_000)}x"}}\n`,
  ),
  more(
    'an interval of many digits',
    () => `  triggers:\n    t: {kind: cron, attributes: {interval: "${fill('1', 200_000)}"}}\n`,
  ),
  more('a quantity of many digits', () => `  resources: {limits: {memory: "${fill('1', 200_000)}x"}}\n`),
  more('a time-out of many digits', () => `  eventTimeout: "${fill('1', 200_000)}"\n`),
  yaml('a handler of many parts', () => `spec:\n  runtime: python\n  handler: "${fill('a.', 200_000)}"\n`),
  yaml('a handler of many folders', () => `spec:\n  runtime: nodejs\n  handler: "${fill('a/', 200_000)}:b"\n`),
  yaml('a runtime of many parts', () => `spec:\n  runtime: "python${fill(':3', 200_000)}"\n  handler: m:h\n`),
  slow(good('a label that is long', () => `metadata: {labels: {a: "${fill('b', 200_000)}"}}\n`)),
];
