import { type Attack, fill, MIB, many, upload, YAML } from './attack.ts';

const SPEC = (commands: string): string =>
  `spec:\n  runtime: nodejs\n  handler: main:handler\n  build:\n    commands:\n      - "false"\n${commands}`;
const HANDLER = "exports.handler = (context) => context.callback('evil');\n";
/** The largest source that is searched for an inline configuration, and of the largest list of packages, in bytes. */
const SOURCE = 4 * MIB;

/** A source file that could have an inline configuration. Nothing is deployed: its name cannot be that of a handler. */
const source = (what: string, text: () => string | Buffer): Attack =>
  upload(`source: ${what}`, 422, () => ({ 'the main.js': text() }));

/** Build commands, and files that they name. The first one fails, so that nothing is installed or deployed. */
const build = (what: string, commands: string, files: () => Record<string, string | Buffer> = () => ({})): Attack =>
  upload(`build: ${what}`, 422, () => ({
    'function.yaml': SPEC(commands).slice(0, YAML),
    'main.js': HANDLER,
    ...files(),
  }));
/** Reading it takes no time to speak of, but a shell has to start for it. */
const slow = (attack: Attack): Attack => ({ ...attack, slow: true });
const command = (what: string, text: (length: number) => string, length = 60_000): Attack =>
  build(`a command of ${what}`, `      - ${JSON.stringify(text(length))}\n`);

const config = (what: string, text: () => Buffer | string): Attack =>
  upload(`function.yaml: ${what}`, 422, () => ({ 'function.yaml': text(), 'main.js': HANDLER }));

const requirements = (what: string, text: () => string | Buffer): Attack =>
  build(`requirements ${what}`, '      - "pip install -r requirements.txt"\n', () => ({ 'requirements.txt': text() }));

const dotEnv = (what: string, status: number, text: () => string | Buffer): Attack =>
  upload(`.env: ${what}`, status, () => ({
    'function.yaml': 'spec: {runtime: nodejs, handler: "main:handler"}\n',
    'main.js': HANDLER,
    '.env': text(),
  }));

/** Files that are read before a deploy, small when deflated. */
export const SOURCE_ATTACKS: readonly Attack[] = [
  source('empty lines', () => fill('\n', SOURCE)),
  source('comments', () => fill('//\n', SOURCE)),
  source('a comment of spaces', () => `//${fill(' ', SOURCE - 2)}`),
  source('lines of spaces', () => fill(`${' '.repeat(1000)}\n`, SOURCE)),
  source('inline configurations', () => fill('// @nuclio.configure\n\n', SOURCE)),
  source('lines that are nearly inline configurations', () => fill('// @nuclio.x\n', SOURCE)),
  source('blocks that are nearly inline configurations', () => fill('//@nuclio.x\n\n', SOURCE)),
  source('nearly inline configurations with spaces', () => fill('// @ n u c l i o . x\n\n', SOURCE)),
  source('an inline configuration of many lines', () => `// @nuclio.configure\n${fill('//\n', SOURCE - 30)}\n`),
  source(
    'an inline configuration below many lines',
    () => `${fill('\n', SOURCE - 90)}// @nuclio.configure\n// a: b\n\n`,
  ),
  source(
    'an inline configuration of one line',
    () => `// @nuclio.configure\n// function.yaml: ${fill('a', SOURCE - 50)}\n\n`,
  ),
  source('text that is not UTF-8', () => Buffer.alloc(SOURCE, 0xff)),
  source('16 MiB of empty lines', () => fill('\n', 16 * MIB)),
  config('1 MiB of empty lines', () => fill('\n', MIB)),
  config('1 MiB that is not UTF-8', () => Buffer.alloc(MIB, '\n').fill(0xff, MIB - 1)),
  config('1 MiB of UTF-16', () => Buffer.alloc(MIB, '\n\0')),
  config('16 MiB that is not UTF-8', () => Buffer.alloc(16 * MIB, '\n').fill(0xff, 16 * MIB - 1)),
  slow(config('16 MiB of UTF-16', () => Buffer.alloc(16 * MIB, '\n\0'))),
  slow(command('spaces', (length) => `pip install${fill(' ', length)}x`)),
  command('line ends', (length) => fill('\n', length)),
  slow(command('line ends and words', (length) => fill('then\n', length))),
  command('words before a program', (length) => `${fill('exec ', length)}x`),
  slow(command('programs with options', (length) => fill('(env -', length))),
  slow(command('assignments', (length) => fill('(A=', length))),
  slow(command('shells', (length) => fill('sh -c "', length))),
  slow(command('paths', (length) => fill('=/bin', length))),
  slow(command('quotes', (length) => `echo ${fill("''", length)}`)),
  slow(command('quotes without an end', (length) => `echo ${fill(`"'`, length)}"`)),
  command('escaped quotes without an end', (length) => `echo "${fill('\\"', length)}`),
  slow(command('backslashes', (length) => `echo ${fill('\\', length)}`)),
  slow(command('semicolons', (length) => `echo a${fill('; :', length)}`)),
  slow(command('addresses', (length) => `echo ${fill('https://a:', length)}`)),
  slow(command('addresses with names', (length) => `echo ${fill('https://a:b@', length)}`)),
  slow(command('files', (length) => `pip install${fill(' -r a', length)}`)),
  slow(command('parts of a name', (length) => `pip install ${fill('a.', length)}`)),
  slow(command('versions', (length) => `pip install a==1${fill(',==1', length)}!`)),
  command('more characters than Linux takes', (length) => fill('a', length), 200_000),
  build('commands that continue', fill('      - "echo a \\\\"\n', 40_000)),
  build('many commands', fill('      - "echo a"\n', 30_000)),
  slow(requirements('of many lines', () => fill('a\n', MIB))),
  requirements('of empty lines', () => fill('\n', MIB)),
  slow(requirements('of spaces', () => `a${fill(' ', MIB - 2)}b`)),
  requirements('of lines that continue', () => fill('a\\\n', MIB)),
  slow(requirements('of comments', () => fill('#\n', MIB))),
  slow(requirements('of spaces before places', () => fill(' @ ', MIB))),
  slow(requirements('of files that it includes', () => many(20_000, (index) => `-r ${index}.txt\n`).join(''))),
  slow(requirements('of itself', () => fill('-r requirements.txt\n', MIB))),
  slow(requirements('with a version of many parts', () => `a==1${fill(',==1', MIB - 10)}!`)),
  slow(requirements('with an extra of many parts', () => `a[${fill('b,', MIB - 10)}`)),
  slow(requirements('of 16 MiB', () => fill('\n', 16 * MIB))),
  build('package.json of 1 MiB', '      - "npm install"\n', () => ({ 'package.json': fill('"install" ', MIB) })),
  slow(build('package.json of 16 MiB', '      - "npm install"\n', () => ({ 'package.json': fill('{"a":', 16 * MIB) }))),
  upload('build: a command that prints empty lines', 422, () => ({
    'function.yaml': SPEC('').replace('"false"', `"yes '' | head -c 400000; false"`),
    'main.js': HANDLER,
  })),
  dotEnv('many secrets', 200, () => many(6500, (index) => `T${index}_TOKEN=12345\n`).join('')),
  dotEnv('a secret of many lines', 200, () => `TOKEN="${fill(`${'1'.repeat(60)}\n`, 120_000)}"`),
  slow(dotEnv('a secret of short lines', 200, () => `TOKEN="${fill('\n', 120_000)}"`)),
  dotEnv('a secret of quotes', 200, () => `TOKEN='${fill('"', 120_000)}'`),
  dotEnv('lines', 200, () => fill('\n', 128 * 1024)),
  dotEnv('variables', 200, () => many(9000, (index) => `A${index}=b\n`).join('')),
  dotEnv('lines of spaces', 200, () => fill(`${' '.repeat(60)}\n`, 60_000)),
  slow(dotEnv('a value of lines', 200, () => `A=${fill(`${' '.repeat(60)}\n`, 60_000)}'`)),
  dotEnv('a value of escaped quotes', 200, () => `A='${fill("\\'", 120_000)}x`),
  slow(dotEnv('spaces', 200, () => `A=${fill(' ', 60_000)}`)),
  slow(dotEnv('backslashes', 200, () => `A="${fill('\\', 60_000)}`)),
  dotEnv('more than it may have', 422, () => fill('A=b\n', 16 * MIB)),
  {
    slow: true,
    ...upload('a file of 500 MiB', 422, () => ({
      'function.yaml': SPEC('      - "echo ballast"\n'),
      'main.js': HANDLER,
      ballast: Buffer.alloc(500 * MIB),
    })),
  },
];
