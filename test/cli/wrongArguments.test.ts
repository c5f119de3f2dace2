import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CliHarness } from '../support/cli.ts';

const HANDLER = "exports.handler = (context) => context.callback('x');";

/** What is wrong with a command line: 2, before a server is asked for anything. */
const USAGE: readonly (readonly [args: readonly string[], fault: RegExp])[] = [
  [['serve', '--server', 'http://127.0.0.1:9'], /--server has no meaning with `serve`\. It runs a server of its own/],
  [['init', 'x', '--server', 'http://127.0.0.1:9'], /--server has no meaning with `init`/],
  [['schedule', 'validate', 'x', '--server', 'http://a'], /--server has no meaning with `schedule validate`/],
  [['schedule', 'validate', 'nowhere.json'], /There is no schedule nowhere\.json/],
  [['serve', '--schedule', 'nowhere.json'], /There is no schedule nowhere\.json/],
  [['serve', '--schedule', 'bad.json'], /bad\.json:1: entry "1": Task 'a' is named twice/],
  [['serve', '--config', '.'], /The schedule \. cannot be read/],
  [['serve', '--optimizer', './nowhere.mjs'], /The optimizer \.\/nowhere\.mjs does not exist/],
  [['serve', '--state', 'bad.json'], /The state folder bad\.json cannot be created/],
  [['serve', '--quiet', '--log-level', 'warn'], /cannot be given together|cannot be used with option/],
  [['dev', 'nowhere', '--quiet'], /nowhere is not a folder/],
  [['dev', 'nowhere', '--log-level', 'warn', '--config', 'x', '-n', 'x'], /nowhere is not a folder/],
  [['dev', '--log-level', 'loud'], /debug, info, warn(,| or| and) error/],
  [['init', 'hello', '--template', 'call'], /calls a Task 'hello'\. Choose another name/],
  [['deploy', 'nowhere'], /There is no file or folder nowhere/],
  [['deploy', 'a', './a/'], /\.\/a\/ is named twice/],
  [['deploy', 'a', 'again/a'], /again\/a and a are both Task 'a'\. Change metadata\.name/],
  [['invoke', 'a', '-f', 'nowhere'], /Cannot read the body from nowhere/],
  [['invoke', 'A_b'], /"A_b" cannot be a Task's name: .* such as 'a-b'/],
  [['get', ''], /"" cannot be a Task's name/],
  [['delete', 'b', '../b'], /"\.\.\/b" cannot be a Task's name/],
  [['delete', 'b', 'b'], /Task 'b' is named twice/],
  [['split', 'a', 'a'], /Task 'a' is named twice/],
  [['split', 'a,b'], /spaces.* a b\b/],
  [['invoke', 'a', '-X', 'CONNECT'], /"CONNECT" is not an HTTP method of an event/],
  [['invoke', 'a', '-X', 'FOO'], /"FOO" is not an HTTP method of an event/],
  [['serve', '--config', 'x', '--schedule', 'y'], /cannot be given together|cannot be used with option/],
  [['fuse', 'a,a'], /Task 'a' is named twice/],
  [['fuse', 'a,b', 'b,c'], /Task 'b' is named twice/],
  [['logs', 'A'], /"A" cannot be a Task's name/],
  [['logs', '-s', '5'], /'5' is not a time\. Write how long ago/],
  [['logs', '-t', 'zz'], /1 to 32 of 0-9 and a-f/],
  [['traces', '-t', ''], /1 to 32 of 0-9 and a-f/],
  [['traces', 'a', '-t', 'ab'], /A trace is shown whole\. Leave out 'a' or --trace/],
  [['traces', '-t', 'ab', '-n', '1'], /--trace.* --(lines|n)\b.* cannot be given together|cannot be used with option/],
];

/** What the server, or a file, has not: 1. */
const FAILED: readonly (readonly [args: readonly string[], fault: RegExp])[] = [
  [['schedule', 'validate', 'bad.json'], /Task 'a' is named twice/],
  [['fuse', 'a,nosuch'], /No Task 'nosuch' could be found\. Nothing was changed\. With --allow-missing/],
  [['fuse', 'b,gone', '--json'], /No Task 'gone' could be found/],
  [['split', 'a', 'nosuch'], /No Task 'nosuch' could be found/],
  [['traces', 'nosuch'], /No Task 'nosuch' could be found/],
  [['logs', '-t', 'ffffffff'], /No trace is recorded whose id begins with 'ffffffff'/],
];

describe('wrong arguments', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await cli.serve();
    for (const name of ['a', 'b', 'c', 'again/a']) await cli.writeTask(name, HANDLER);
    await cli.write({ 'bad.json': '{"1": [["a"], ["a"]]}' });
    assert.equal((await cli.run(['deploy', 'a', 'b', 'c'])).code, 0);
    assert.equal((await cli.run(['fuse', 'a,b'])).code, 0);
  });
  after(() => cli.close());

  const check = async (args: readonly string[], code: number, fault: RegExp): Promise<void> => {
    const all = args[0] === 'serve' ? [...args, '--port', '0'] : args;
    const result = await cli.run(all);
    assert.deepEqual([result.code, fault.test(result.stderr)], [code, true], `${args.join(' ')}:\n${result.stderr}`);
  };
  /** As many at a time as there are cores to run them. */
  const checkAll = async (rows: typeof USAGE, code: number): Promise<void> => {
    const left = [...rows];
    const next = async (): Promise<void> => {
      for (let row = left.shift(); row; row = left.shift()) await check(row[0], code, row[1]);
    };
    await Promise.all([next(), next()]);
  };
  const setup = async (): Promise<unknown> => JSON.parse((await cli.run(['setup', '--json'])).stdout);

  it('end with 2 for a wrong command line, with 1 for what is not there, and change nothing', async () => {
    const before = await setup();
    await checkAll(USAGE, 2);
    await checkAll(FAILED, 1);
    assert.deepEqual(await setup(), before);
  });

  it('are what --help and the documentation say', async () => {
    const { stdout } = await cli.run(['--help']);
    assert.match(stdout, /^ {2}2 +the command line is wrong: an unknown option, a name that no Task can have,$/m);
    assert.match(stdout, /^ {2}3 +no server is reachable, or it went away$/m);
  });

  it('of fuse: a Task that is not deployed may wait, and who leaves a group is named', async () => {
    const { code, stderr } = await cli.run(['fuse', '--allow-missing', 'a,later']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^warning 'later' is not deployed yet\. It will join a when it is$/m);
    assert.match(stderr, /^warning a \+ b are not one group any more$/m);
    const again = await cli.run(['fuse', 'a,later,b']);
    assert.deepEqual([again.code, /any more/.test(again.stderr)], [0, false], again.stderr);
  });

  it('of logs and traces: an id in capitals is found; nothing found is said', async () => {
    const { trace } = JSON.parse((await cli.run(['invoke', 'c', '--json'])).stdout);
    assert.match((await cli.run(['traces', '-t', trace.toUpperCase()])).stdout, new RegExp(`\\n${trace}\\n`));
    const { code, stdout, stderr } = await cli.run(['logs', '-t', trace.toUpperCase()]);
    assert.deepEqual([code, stdout, stderr], [0, '', 'No log record fits these options\n']);
  });
});
