import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { CliHarness, type CliProcess } from '../support/cli.ts';
import { until } from '../support/until.ts';

/** A command of the page and what it prints, or lines that `dev` prints meanwhile (without a command). */
interface Step {
  readonly command: string | undefined;
  readonly lines: string[];
}

const page = await readFile(path.join(packageRoot(), 'docs', 'walkthrough.md'), 'utf8');

function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const [, kind, block = ''] of text.matchAll(/^```(console|text)\n([\s\S]*?)^```$/gm)) {
    if (kind === 'text') steps.push({ command: undefined, lines: [] });
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), lines: [] });
      else steps.at(-1)?.lines.push(line);
    }
  }
  return steps;
}

/** What differs from run to run looks the same: times, durations, ids, ports, columns, and the machine's folders. */
const normal = (line: string): string =>
  line
    .replace(/\d\d:\d\d:\d\d(\.\d+)?/g, 'TIME')
    .replace(/[\d.]+ (ms|s)\b/g, 'DURATION')
    .replace(/\b[\da-f]{32}\b/g, 'ID')
    .replace(/(127\.0\.0\.1):\d+/g, '$1:8000')
    .replace(/(kept in) .*/, '$1 FOLDER')
    .replace(/ +/g, ' ')
    .trim();

/** What `dev` says of a deploy that takes longer than on the page. */
const SLOW = / goes on \.\.\.$/;

/** Whether a text has these lines; `...` stands for any lines. */
function has(text: string, lines: readonly string[]): boolean {
  const found = text
    .trimEnd()
    .split('\n')
    .map(normal)
    .filter((line) => !SLOW.test(line));
  let at = 0;
  let isAny = false;
  for (const line of lines.map(normal)) {
    if (line === '...') isAny = true;
    else {
      const next = isAny ? found.indexOf(line, at) : found[at] === line ? at : -1;
      if (next < 0) return false;
      at = next + 1;
      isAny = false;
    }
  }
  return isAny || at === found.length;
}

describe('docs/walkthrough.md', () => {
  it('has commands that print what it says, in order', async (t) => {
    const cli = await CliHarness.create();
    t.after(() => cli.close());
    const shop = path.join(cli.dir, 'shop');
    await mkdir(shop);
    const options = { cwd: shop, env: { FUSIONIZER_URL: '', NO_COLOR: '1' } };
    const steps = stepsOf(page);
    let dev: CliProcess | undefined;
    /** How much of what `dev` printed the page has shown. */
    let shown = 0;
    const devShows = (lines: readonly string[]): Promise<unknown> =>
      until(`dev to show ${lines.join('\n')}`, () => {
        const rest = dev?.stdout.slice(shown) ?? '';
        if (!has(`${rest.trimEnd()}\n`, ['...', ...lines, '...'])) return false;
        shown += rest.length;
        return true;
      });
    for (const { command, lines } of steps) {
      const [program, ...args] = words(command ?? '');
      if (command === undefined) await devShows(lines);
      else if (program === 'fusionizer' && args[0] === 'dev') {
        dev?.child.kill('SIGINT');
        assert.equal((await dev?.ended)?.code ?? 0, 0);
        // The machine's own port 8000 is anybody's.
        dev = cli.start([...args, '--port', '0'], options);
        shown = 0;
        await devShows(lines);
      } else if (program === 'fusionizer') {
        // An id of the page is the newest one here.
        const trace = args.indexOf('-t');
        const run = async (): Promise<boolean> => {
          if (trace >= 0) {
            const { stdout } = await cli.run(['traces', '--json'], options);
            args[trace + 1] = JSON.parse(stdout).at(-1).trace;
          }
          const { stdout, stderr } = await cli.run(args, options);
          result = `${stderr}${stdout}`;
          return has(result, lines);
        };
        let result = '';
        // Functions send the records of their calls within a second.
        if (args[0] === 'traces' || args[0] === 'list') await until(`what ${command} prints`, run);
        else assert.ok(await run(), `${command} prints\n${result}`);
      } else if (program === 'sed') {
        const file = path.join(shop, args.at(-1) ?? '');
        const [, from = '', to = ''] = args[1]?.split('/') ?? [];
        await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
      } else if (program === 'echo') assert.equal(spawnSync('sh', ['-c', command], { cwd: shop }).status, 0);
      else assert.equal(command, 'mkdir shop && cd shop');
    }
    assert.ok(steps.length > 12);
    dev?.child.kill('SIGINT');
    await dev?.ended;
  });
});

/** The words of a command, without their quotes. */
const words = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
