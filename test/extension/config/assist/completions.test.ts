import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { completions, type Proposal, type Surroundings } from '../../../../src/extension/config/assist/completions.ts';
import { configCursor } from '../../../../src/extension/config/assist/configCursor.ts';
import { type CursorPlace, cursorPlace } from '../../../../src/extension/config/assist/cursorPlace.ts';
import { hoverAt } from '../../../../src/extension/config/assist/hover.ts';
import { runtimesHere } from '../../../../src/extension/config/assist/runtimesHere.ts';
import type { FieldSchema } from '../../../../src/extension/config/assist/schemaAt.ts';
import { parseYaml } from '../../../../src/task/yaml/parseYaml.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const SCHEMA: FieldSchema = JSON.parse(await readFile('media/schemas/function.schema.json', 'utf8'));
const AROUND: Surroundings = {
  handlers: [
    { handler: 'main:handler', runtime: 'python', file: 'main.py' },
    { handler: 'lib/app:run', runtime: 'nodejs', file: 'lib/app.js' },
  ],
  runtimes: [
    { name: 'python', place: '' },
    { name: 'python:3.11', place: '/usr/bin/python3.11' },
    { name: 'nodejs', place: '' },
  ],
  tasks: ['cart', 'on'],
  folderName: 'orders',
};

interface At {
  readonly text: string;
  readonly place: CursorPlace | undefined;
  readonly proposals: Proposal[];
  readonly prefix: string;
  readonly above: number;
}

/** @param marked the text with `|` at the cursor */
function at(marked: string, name = 'function.yaml'): At {
  const before = marked.slice(0, marked.indexOf('|'));
  const text = before + marked.slice(before.length + 1);
  const lines = before.split('\n');
  const cursor = configCursor({ name, text }, lines.length - 1, lines.at(-1)?.length ?? 0, SCHEMA);
  const place = cursor && cursorPlace(cursor.text, cursor.line, cursor.character);
  const proposals = cursor && place ? completions(cursor.schema, place, AROUND) : [];
  return { text, place, proposals, prefix: cursor?.prefix ?? '', above: cursor?.above ?? 0 };
}

const labels = (marked: string, name?: string): string[] => at(marked, name).proposals.map(({ label }) => label);

/** The text after a proposal was taken, with the names of its places. */
function taken({ text, place, prefix, above }: At, { lines }: Proposal): string {
  assert.ok(place);
  const [first = '', ...others] = lines.map((line) => line.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, ''));
  const all = text.split('\n');
  const line = all[above + place.line] ?? '';
  all[above + place.line] =
    line.slice(0, prefix.length + place.from) +
    [first, ...others.map((one) => prefix + one)].join('\n') +
    line.slice(prefix.length + place.to);
  return all.join('\n');
}

function take(marked: string, label: string, name?: string): string {
  const found = at(marked, name);
  const proposal = found.proposals.find((one) => one.label === label);
  assert.ok(proposal, `${label} of ${found.proposals.map((one) => one.label).join(', ')}`);
  return taken(found, proposal);
}

test('the keys of each level are proposed, without those that are there', () => {
  assert.deepEqual(labels('|'), ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  assert.deepEqual(labels('metadata:\n  name: a\n|\nspec:\n  runtime: python\n'), ['apiVersion', 'kind', 'status']);
  assert.deepEqual(labels('metadata:\n  na|\n'), ['name', 'labels', 'annotations', 'resourceVersion', 'namespace']);
  const cases: [marked: string, has: string[], hasNot: string[]][] = [
    ['spec:\n  |', ['runtime', 'handler', 'env', 'triggers', 'build'], ['metadata', 'name']],
    ['spec:\n  runtime: python\n  |\n  env: []\n', ['handler'], ['runtime', 'env']],
    ['spec:\n  Runtime: python\n  |\n', ['handler'], ['runtime']],
    ['spec:\n  build:\n    |', ['commands', 'baseImage'], ['build', 'runtime']],
    ['spec:\n  env:\n    - |', ['name', 'value', 'valueFrom', 'secret'], ['runtime']],
    ['spec:\n  env:\n  - name: A\n    |', ['value', 'valueFrom'], ['name', 'secret']],
    ['spec:\n  triggers:\n    web:\n      |', ['kind', 'numWorkers', 'http', 'cron'], ['web']],
    ['spec:\n  triggers:\n    web:\n      kind: http\n      attributes:\n        |', ['cors', 'port'], ['interval']],
    ['spec:\n  triggers:\n    t:\n      kind: "cron"\n      attributes:\n        |', ['interval', 'event'], ['cors']],
    ['spec:\n  triggers:\n    t:\n      attributes:\n        |\n      kind: cron\n', ['schedule'], ['port']],
    ['spec: {|}', ['runtime', 'handler'], []],
    ['spec: {runtime: python, |, env: []}', ['handler'], ['runtime', 'env']],
    ['spec:\n  triggers: {web: {kind: http, attributes: {|', ['cors'], ['interval']],
    ['spec:\n  triggers: {\n    web: {kind: cron,\n      attributes: {|', ['interval'], ['cors']],
    ['spec:\n  resources:\n    limits:\n      |', ['memory', 'cpu'], []],
  ];
  for (const [marked, has, hasNot] of cases) {
    const found = labels(marked);
    for (const name of has) assert.ok(found.includes(name), `${name} in ${marked}: ${found}`);
    for (const name of hasNot) assert.ok(!found.includes(name), `${name} not in ${marked}: ${found}`);
  }
});

test('values come from the machine, the folder, the Tasks and the schema', () => {
  const cases: [marked: string, values: string[]][] = [
    ['spec:\n  runtime: |', ['python', 'python:3.11', 'nodejs']],
    ['spec:\n  runtime: py|thon # text\n', ['python', 'python:3.11', 'nodejs']],
    ['spec:\n  runtime: python\n  handler: |', ['main:handler']],
    ['spec:\n  handler: ma|\n  runtime: nodejs\n', ['lib/app:run']],
    ['spec:\n  handler: |', ['main:handler', 'lib/app:run']],
    ['metadata:\n  name: |', ['orders']],
    ['spec:\n  env:\n    - name: OTHER\n      value: |', ['cart', 'on']],
    ['spec:\n  disable: |', ['true', 'false']],
    ['spec:\n  imagePullPolicy: |', ['Always', 'IfNotPresent', 'Never']],
    ['spec:\n  triggers:\n    web: {kind: |}', labels('spec:\n  triggers:\n    web:\n      kind: |')],
    ['spec:\n  readinessTimeoutSeconds: |', ['120', '60']],
  ];
  for (const [marked, values] of cases) assert.deepEqual(labels(marked), values, marked);
  assert.deepEqual(labels('spec:\n  triggers:\n    web:\n      kind: |').slice(0, 2), ['http', 'cron']);
});

test('nothing is proposed where the structure of YAML makes it wrong', () => {
  const cases = [
    '# a comment |',
    'spec: # a comment |',
    'spec:\n  runtime: python\n    |',
    'spec:\n    runtime: python\n  |',
    'spec:\n  handler: |\n    te|',
    'spec:\n  description: |\n    some text\n    ru|n'.replace('|', '>'),
    'spec:\n  runtime:|',
    'spec:\n  unknown:\n    |',
    'metadata:\n  - |',
    'spec:\n  runtime: python |',
    'spec:\n\t|',
    'spec:\n  description: "a text" |',
    'spec:\n  env:\n    A|',
    'spec: text\n  |',
  ];
  for (const marked of cases) {
    const cursor = marked.lastIndexOf('|');
    const text = marked.slice(0, cursor).replaceAll('|', '\u0000') + marked.slice(cursor);
    const found = at(text).proposals.filter(({ kind }) => kind !== 'snippet');
    assert.deepEqual(found, [], marked);
  }
});

test('what is taken is indented as its neighbours, and a word is replaced as a whole', () => {
  assert.equal(take('spec:\n  runtime: python\n  hand|', 'handler'), 'spec:\n  runtime: python\n  handler: ');
  assert.equal(take('spec:\n  han|xyz: main:handler\n', 'handler'), 'spec:\n  handler: main:handler\n');
  assert.equal(take('spec:\n  runtime: pyt|on\n', 'nodejs'), 'spec:\n  runtime: nodejs\n');
  assert.equal(take('spec:\n  runtime: "py|"\n', 'python:3.11'), 'spec:\n  runtime: "python:3.11"\n');
  assert.equal(take('spec:\n    |', 'build'), 'spec:\n    build:\n      ');
  assert.equal(take('spec:\n  build:\n    |', 'commands'), 'spec:\n  build:\n    commands:\n      - ');
  assert.equal(take('spec:\n  |', 'env'), 'spec:\n  env:\n    - name: \n      value: ');
  assert.equal(take('spec:\n  env:\n    - |', 'secret').split('\n').length, 7);
  assert.equal(
    take('spec:\n  triggers:\n    tick:\n      |', 'cron'),
    'spec:\n  triggers:\n    tick:\n      kind: cron\n      attributes:\n        interval: 30s',
  );
  assert.equal(
    take('spec:\n  triggers:\n    |', 'cron trigger'),
    'spec:\n  triggers:\n    tick:\n      kind: cron\n      attributes:\n        interval: 30s',
  );
  assert.equal(take('spec: {|}', 'build'), 'spec: {build: {}}');
  assert.equal(
    take('spec:\n  env:\n    - name: A\n      value: |', 'on'),
    'spec:\n  env:\n    - name: A\n      value: "on"',
  );
  assert.equal(take('spec:\n  env:\n    |', 'value'), 'spec:\n  env:\n    - name: \n      value: ');
});

test('what another extension finds in the schema is known as such', () => {
  const own = (marked: string): string[] =>
    at(marked)
      .proposals.filter(({ isFromSchema }) => !isFromSchema)
      .map(({ label }) => label);
  assert.deepEqual(own('spec:\n  |'), []);
  assert.deepEqual(own('spec:\n  runtime: |'), []);
  assert.deepEqual(own('spec:\n  handler: |'), ['lib/app:run']);
  assert.deepEqual(own('spec:\n  env:\n    - value: |'), ['cart', 'on']);
});

test('the runtimes are those whose programs are there', async (context) => {
  const dir = await temporaryFolder(context, {
    python3: '',
    'python3.12': '',
    'python3.8': '',
    'python3.12-config': '',
  });
  const names = async (python?: string): Promise<string[]> =>
    (await runtimesHere([dir, path.join(dir, 'nowhere')].join(path.delimiter), python)).map(({ name }) => name);
  assert.deepEqual(await names(), ['python', 'python:3.12', 'nodejs']);
  assert.deepEqual(
    (await runtimesHere('', undefined)).map(({ name }) => name),
    ['nodejs'],
  );
  assert.deepEqual(
    (await runtimesHere('', '/opt/python')).map(({ name }) => name),
    ['python', 'nodejs'],
  );
});

test('a comment block with @nuclio.configure has the same help, and other comments have none', () => {
  const python =
    '# @nuclio.configure\n#\n# function.yaml:\n#   spec:\n#     |\n\ndef handler(context, event):\n    pass\n';
  assert.ok(labels(python, 'main.py').includes('build'));
  assert.match(take(python, 'build', 'main.py'), /\n# {5}build:\n# {7}\n\ndef/);
  const nodejs = '// @nuclio.configure\n//\n// function.yaml:\n//   spec:\n//     runtime: |\n\nexports.handler = 1;\n';
  assert.deepEqual(labels(nodejs, 'main.js'), ['python', 'python:3.11', 'nodejs']);
  assert.deepEqual(labels('# @nuclio.configure\n#\n# |', 'main.py'), ['function.yaml']);
  assert.deepEqual(labels('# @nuclio.configure\n#\n# function.yaml:\n#   |', 'main.py').length, 5);
  assert.deepEqual(labels('# a comment\n# |', 'main.py'), []);
  assert.deepEqual(labels('# @nuclio.configure\n# function.yaml:\n#   spec: {}\n\n# |', 'main.py'), []);
  assert.deepEqual(labels('# @nuclio.configure\n#|', 'main.py'), []);
});

test('a hover has type, default, what the field does, and a warning where that is nothing', () => {
  const hover = (marked: string): string | undefined => {
    const before = marked.slice(0, marked.indexOf('|')).split('\n');
    return hoverAt(SCHEMA, marked.replace('|', ''), before.length - 1, before.at(-1)?.length ?? 0)?.markdown;
  };
  assert.match(hover('spec:\n  run|time: python\n') ?? '', /^\*\*runtime\*\*: text.*language of the handler/s);
  assert.match(hover('spec:\n  runtime: pyt|hon\n') ?? '', /^\*\*runtime\*\*/);
  assert.match(hover('spec:\n  readinessTimeout|Seconds: 3\n') ?? '', /whole number, default `120`, at least 0/);
  assert.match(hover('spec:\n  repl|icas: 3\n') ?? '', /\$\(warning\) It has no effect on the embedded platform/);
  assert.match(hover('spec:\n  triggers:\n    web: {kind: http, max|Workers: 3}\n') ?? '', /Deprecated/);
  assert.match(hover('spec:\n  build:\n    commands:\n      - pip in|stall x\n') ?? '', /^\*\*commands\*\*/);
  assert.doesNotMatch(hover('spec:\n  hand|ler: a\n') ?? '', /warning/);
  assert.equal(hover('spec:\n  unkno|wn: a\n'), undefined);
  assert.equal(hover('# spec|\n'), undefined);
});

const RICH = `# All kinds of values
apiVersion: nuclio.io/v1
metadata: {name: rich, labels: {a: "b, c"}}
spec:
  description: >-
    Some text: with a colon
    - and a dash
  runtime: "python:3.11"
  handler: main:handler
  env:
  - name: A
    value: 'it''s'
  -   name: B
      valueFrom: {secretKeyRef: {name: s, key: k}}
  build:
    commands: [pip install a, "pip install b",
      pip install c]
  triggers:
    web:
      kind: http   # requests
      numWorkers: 4
      attributes: {cors: {enabled: true, allowOrigins: ["*"]}}
    "tick": &tick
      kind: cron
      attributes:
        interval: 30s
    tock: *tick
`;

test('no prefix of a valid file makes it fail, and what it proposes there is valid YAML', async () => {
  const files = (await readdir('examples', { recursive: true })).filter(
    (entry) => path.basename(entry) === 'function.yaml' && !entry.includes('node_modules'),
  );
  const texts = await Promise.all(files.map((file) => readFile(path.join('examples', file), 'utf8')));
  let count = 0;
  for (const text of [RICH, ...texts.slice(0, 3)]) {
    for (let length = 0; length <= text.length; length += 1) {
      for (const rest of ['', text.slice(length)]) {
        const found = at(`${text.slice(0, length)}|${rest}`);
        const { place } = found;
        if (place === undefined || found.proposals.length === 0) continue;
        // Only a text that is valid without the word can be valid with another one.
        const bare = taken(found, {
          ...found.proposals[0],
          lines: [place.hasColon || place.kind === 'key' ? 'x: 1' : '1'],
        } as Proposal);
        if (!place.hasColon && parseYaml(bare).document.errors.length > 0) continue;
        // A few of them at each place, others at the next one.
        const few = found.proposals.filter((_, index) => (index + length) % 7 === 0);
        for (const proposal of few) {
          const made = taken(found, proposal);
          const { errors } = parseYaml(made).document;
          assert.deepEqual(
            errors.map(({ message }) => message),
            [],
            `${proposal.label} in:\n${made}`,
          );
          count += 1;
        }
      }
    }
  }
  assert.ok(count > 1000, `${count}`);
});
