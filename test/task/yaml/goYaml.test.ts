import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { QUOTED } from '../../../src/engine/fuse/fuser.ts';
import { FusionizerError } from '../../../src/shared/errors.ts';
import { parseFunctionYaml, readFunctionYaml } from '../../../src/task/yaml/functionYaml.ts';
import { parseQuantity } from '../../../src/task/yaml/quantity.ts';

/**
 * Texts, and what Nuclio's reader makes of them: sigs.k8s.io/yaml 1.3.0 over go-yaml 2.4.0, decoded into structures
 * with the types of Nuclio 1.14's fields. Recorded by running these libraries; null: refused.
 */
interface Case {
  readonly name: string;
  readonly yaml: string;
  readonly nuclio: Readonly<Record<string, unknown>> | null;
}
const CASES: Case[] = JSON.parse(await readFile('test/task/yaml/go-yaml.json', 'utf8'));

/** What is refused here although Nuclio's reader takes it, and what to say about it in docs/differences.md. */
const STRICTER: readonly (readonly [name: RegExp, message: RegExp])[] = [
  [/^(nothing|a comment|null|an empty first document)$/, /does not describe a function/],
  [/^trigger kind/, /kind is missing/],
  [/^trigger numWorkers '1000000\.0'$/, /number up to 100000/],
  [/^a null variable$/, /name is missing/],
  [/^memory '(-1|1e400)'$/, /write an amount/],
  // What the parser of YAML 1.2 does not read: lines that end with CR alone, a quoted text that goes on without indent.
  [/^CR$|a\\\\\\n {4}b/, /is not valid YAML/],
];
/** What is taken here although Nuclio's reader refuses it. The first one has a warning. */
const MILDER = new Set([
  'YAML 1.2 directive',
  'an unknown directive',
  "label key '12345678901234567890'",
  // YAML 1.2 has the escape \\/.
  'escapes',
]);

/** Go leaves out what is empty: a field that is not there, and an empty one, are the same to it. */
function lean(value: unknown, at: string): unknown {
  if (Array.isArray(value)) return value.map((item) => lean(item, at));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (/\.(limits|requests)$/.test(at)) {
      const amount = parseQuantity(inner);
      return amount === 0 ? [] : [[key, amount]];
    }
    const short = lean(inner, `${at}.${key}`);
    if (short === null) return [];
    if (/\.(labels|annotations|attributes)/.test(at)) return [[key, short]];
    const isEmpty =
      short === '' ||
      short === 0 ||
      short === false ||
      (typeof short === 'object' && Object.keys(short ?? {}).length === 0);
    return isEmpty ? [] : [[key, short]];
  });
  return Object.fromEntries(entries);
}

const FIELDS = {
  metadata: ['name', 'namespace', 'labels', 'annotations'],
  spec: [
    ...['description', 'handler', 'runtime', 'env', 'resources', 'minReplicas', 'triggers', 'eventTimeout'],
    ...['readinessTimeoutSeconds', 'disableDefaultHTTPTrigger'],
  ],
  build: ['commands', 'baseImage', 'image', 'registry', 'directives'],
} as const;

function pick(whole: unknown, fields: readonly string[]): Record<string, unknown> {
  const from = (whole ?? {}) as Record<string, unknown>;
  return Object.fromEntries(fields.flatMap((field) => (from[field] === undefined ? [] : [[field, from[field]]])));
}

/** The fields that Nuclio's structures have. Others are kept here, and ignored there. */
function known(config: object): unknown {
  const whole = config as Record<string, Record<string, unknown> | undefined>;
  const { metadata, spec } = whole;
  return {
    metadata: pick(metadata, FIELDS.metadata),
    spec: { ...pick(spec, FIELDS.spec), build: pick(spec?.['build'], FIELDS.build) },
  };
}

function read(yaml: string): unknown {
  try {
    return lean(known(parseFunctionYaml(yaml, 'function.yaml')), '');
  } catch (error) {
    if (error instanceof FusionizerError) return `refused: ${error.message}`;
    throw error;
  }
}

test('a function.yaml is read as Nuclio reads it', () => {
  const wrong: string[] = [];
  for (const { name, yaml, nuclio } of CASES) {
    const found = read(yaml);
    const expected = nuclio === null ? 'refused' : lean(known(nuclio), '');
    const same =
      nuclio === null ? typeof found === 'string' : JSON.stringify(sorted(found)) === JSON.stringify(sorted(expected));
    if (same) continue;
    if (nuclio === null && MILDER.has(name)) continue;
    if (typeof found === 'string' && STRICTER.some(([of, message]) => of.test(name) && message.test(found))) continue;
    wrong.push(
      `${name}: ${JSON.stringify(yaml)}\n  Nuclio: ${JSON.stringify(expected)}\n  here:   ${JSON.stringify(found)}`,
    );
  }
  assert.equal(wrong.length, 0, wrong.join('\n'));
});

test('a merged function.yaml says to Nuclio what its parts say', () => {
  for (const { name, yaml, nuclio } of CASES) {
    if (nuclio === null || STRICTER.some(([of]) => of.test(name))) continue;
    const config = parseFunctionYaml(yaml, 'function.yaml');
    const again = readFunctionYaml(stringify(config, QUOTED), 'function.yaml');
    assert.equal(
      JSON.stringify([name, again.checked(), again.warnings.filter(({ message }) => !message.includes(' is empty, '))]),
      JSON.stringify([name, config, []]),
    );
  }
});

const WARNED: [yaml: string, line: number, message: RegExp][] = [
  [
    'spec:\n  env:\n  - name: A\n    value: 017\n',
    4,
    /spec\.env\.0\.value is the number 15 to Nuclio, and not the text/,
  ],
  ['spec:\n  env:\n  - value: 1_000.50\n    Name: A\n', 3, /spec\.env\.0\.value is the number 1000\.5 to Nuclio, /],
  // A secret is not quoted.
  ['spec:\n  env:\n  - name: DB_PASSWORD\n    value: 017\n', 4, /spec\.env\.0\.value is a number to Nuclio, /],
  ['spec:\n  triggers:\n    q:\n      password: 017\n', 4, /q\.password is a number to Nuclio, /],
  ['spec:\n  env:\n  - name: A\n    value: 1.10\n', 4, /spec\.env\.0\.value is the number 1\.1 to Nuclio/],
  ['spec:\n  description: off\n', 2, /spec\.description is false to Nuclio/],
  ['metadata:\n  labels:\n    on: x\n', 3, /Nuclio reads the key on as 'true': put it in quotes/],
  ['x: &x {handler: a:b}\nspec:\n  handler: c:d\n  <<: *x\n', 4, /the merge key \('<<'\) replaces 'handler' above it/],
  ['%YAML 1.2\n---\nspec: {}\n', 1, /Nuclio reads YAML 1\.1 and refuses %YAML 1\.2/],
  ['spec: {}\n---\nspec: {}\n', 2, /a second document begins here: .*\. Remove it, or the line ---$/],
  ['spec: {}\n...\nspec: {}\n', 3, /a second document begins here: .*\. Remove it, or the line \.\.\. before it$/],
  ['spec: {}\n... # end\n# new\nspec: {}\n', 4, /begins here: .*\. Remove it, or the line \.\.\. before it$/],
  ['spec: {}\n...\n---\nspec: {}\n', 3, /begins here: .*\. Remove it, or the lines \.\.\. and ---$/],
];

test('what surprises has a warning with its line, and a plain configuration has none', () => {
  for (const [yaml, line, message] of WARNED) {
    const { warnings } = readFunctionYaml(yaml, 'function.yaml');
    assert.deepEqual(
      warnings.map((warning) => [warning.line, message.test(warning.message)]),
      [[line, true]],
      `${yaml}${JSON.stringify(warnings)}`,
    );
  }
  const plain =
    'spec:\n  env:\n  - {name: A, value: 8080}\n  - {name: B, value: true}\n  - {name: C, value: 0.25}\n---\n';
  assert.deepEqual(readFunctionYaml(plain, 'function.yaml').warnings, []);
});

test('aliases are bounded in number and in depth', () => {
  const chain = Array.from({ length: 900 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]`).join('\n');
  assert.throws(() => parseFunctionYaml(`a0: &a0 x\n${chain}\n`, 'function.yaml'), /aliases lead to each other/);
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
