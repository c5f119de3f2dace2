import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { readFunctionYaml } from '../../../src/task/yaml/functionYaml.ts';
import { parseYaml } from '../../../src/task/yaml/parseYaml.ts';
import { wrongEscape } from '../../../src/task/yaml/yamlNesting.ts';

/** As large as a function.yaml may be, in characters. */
const LONGEST = 256 * 1024;
/** More than it takes on a busy machine, in milliseconds of computing. Keys that were all compared took a minute. */
const BOUND = 1500;
const HEAD = 'spec:\n  runtime: python\n  handler: main:handler\n';

/** `begin`, then pieces until the text is long, then `end`. */
function long(begin: string, piece: (index: number) => string, end = ''): string {
  const pieces: string[] = [];
  let length = begin.length + end.length + 100;
  for (let index = 0; length < LONGEST; index += 1) length += pieces[pieces.push(piece(index)) - 1]?.length ?? 0;
  return begin + pieces.join('') + end;
}

const SHAPES: Readonly<Record<string, string>> = {
  'a set in braces': long(`${HEAD}x: {`, (n) => `${n}, `, '}\n'),
  'a map in braces': long(`${HEAD}x: {`, (n) => `k${n}: 1, `, '}\n'),
  'a map in lines': long(`${HEAD}x:\n`, (n) => `  k${n}: 1\n`),
  'one key again and again': long(`${HEAD}x:\n`, () => '  k: 1\n'),
  'keys at the top': long(HEAD, (n) => `k${n}: 1\n`),
  'empty keys': long(`${HEAD}x: {`, () => ': ,', '}\n'),
  'lists as keys': long(`${HEAD}x: {`, () => '? [a] : 1, ', '}\n'),
  'question marks': long('', () => '? a\n'),
  'a list in brackets': long(`${HEAD}x: [`, (n) => `${n},`, ']\n'),
  'a list in lines': long(`${HEAD}x:\n`, () => '- a\n'),
  'empty lines': long(HEAD, () => '\n'),
  comments: long(HEAD, () => '#\n'),
  anchors: long(`${HEAD}x: [`, (n) => `&a${n} 1,`, ']\n'),
  aliases: long(`${HEAD}y: &a 1\nx: [`, () => '*a,', ']\n'),
  tags: long(`${HEAD}x: [`, () => '!t 1,', ']\n'),
  documents: long('', () => '---\na: 1\n'),
  directives: long('', () => '%a\n'),
  'variables that are wrong': long(`${HEAD}  env:\n`, () => '  - 1\n'),
  'triggers that are wrong': long(`${HEAD}  triggers:\n`, (n) => `    t${n}: 1\n`),
  'errors in lines': long(HEAD, () => '@a: 1\n'),
  'errors in brackets': long('', () => '}{]['),
  'one long text': long(`${HEAD}x: "`, () => 'a', '"\n'),
  'a text in lines': long(`${HEAD}x: |\n`, () => '  b\n'),
};

describe('a function.yaml that is as large as it may be', () => {
  for (const [what, text] of Object.entries(SHAPES)) {
    it(`is read or refused quickly: ${what}`, () => {
      const before = process.cpuUsage();
      try {
        readFunctionYaml(text, 'function.yaml').checked();
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'task', String(error));
      }
      const { user, system } = process.cpuUsage(before);
      assert.ok((user + system) / 1000 < BOUND, `it took ${(user + system) / 1000} ms`);
    });
  }

  it('names what is too much', () => {
    assert.throws(() => readFunctionYaml(SHAPES['a map in lines'] ?? '', 'function.yaml'), {
      code: 'task',
      message: /^function\.yaml has more than 2400 fields: move data that is not configuration into another file$/,
    });
    const code = long(`${HEAD}  build:\n    functionSourceCode: |\n`, () => '      line of code\n');
    assert.equal(readFunctionYaml(code, 'function.yaml').checked().spec?.handler, 'main:handler');
  });

  it('with a large map is parsed quickly, whoever parses it', () => {
    for (const what of ['a set in braces', 'a map in lines', 'one key again and again']) {
      const before = process.cpuUsage();
      parseYaml(SHAPES[what] ?? '');
      const { user, system } = process.cpuUsage(before);
      assert.ok((user + system) / 1000 < 5 * BOUND, `${what} took ${(user + system) / 1000} ms`);
    }
  });
});

describe('keys that a map has twice', () => {
  const key = fc.constantFrom('a', 'b', '"a"', "'b'", '&x a', '? a', '<<', '~', '1', '"1"', '!!str a', '[a]');
  const inner = fc.array(key, { maxLength: 4 }).map((keys) => `{${keys.map((one) => `${one} : 1`).join(', ')}}`);
  const text = fc
    .array(fc.tuple(key, fc.oneof(fc.constant('1'), inner)), { maxLength: 6 })
    .map((pairs) => pairs.map(([name, value]) => `${name} : ${value}\n`).join(''));

  it('are found where the package finds them', () => {
    const options = { prettyErrors: false, schema: 'failsafe', version: '1.1' } as const;
    const places = (errors: readonly { code: string; pos: readonly [number, number] }[]): number[] =>
      errors.flatMap(({ code, pos: [from] }) => (code === 'DUPLICATE_KEY' ? [from] : [])).sort((a, b) => a - b);
    fc.assert(
      fc.property(text, (yaml) => {
        const { document } = parseYaml(yaml);
        assert.deepEqual(places(document.errors), places(parseDocument(yaml, options).errors));
      }),
      { numRuns: 500 },
    );
  });
});

describe('escapes in double quotes', () => {
  const ESCAPES =
    '\\q \\x41 \\xZ1 \\u00e9 \\u12 \\U0001F600 \\UFFFFFFFF \\U00110000 \\\\ \\" \\n \\0 \\e \\A \\X41 \\N \\_ \\/ \\l \\a'.split(
      ' ',
    );

  it('that YAML does not know are found as its parser finds them, at the same place', () => {
    for (const written of ESCAPES) {
      const text = `# a\nb: [1, &x c, "ok${written}b"]\nd: |\n  "\\q"\n`;
      const [fault] = parseYaml(text).document.errors;
      assert.equal(wrongEscape(text)?.place, fault?.pos[0], written);
    }
  });

  it('are reported once, with the line', () => {
    assert.throws(
      () => readFunctionYaml(`a: b\nc: "${'\\q'.repeat(100_000)}"\n`, 'function.yaml'),
      /function\.yaml:2 is not valid YAML: \\q means nothing in double quotes/,
    );
  });
});

describe('triggers', () => {
  it('have no other name than their key, as in Nuclio', () => {
    const named = (name: string): string => `spec:\n  triggers:\n    web: {kind: http, name: ${name}}\n`;
    assert.throws(
      () => readFunctionYaml(named('other'), 'function.yaml').checked(),
      /function\.yaml:3: spec\.triggers\.web\.name is .*other.*: write 'web', which is the trigger's key/,
    );
    for (const name of ['web', '""', '~']) readFunctionYaml(named(name), 'function.yaml').checked();
  });
});
