import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command, CommanderError } from 'commander';
import { parseGroups, parseNames } from '../../src/cli/arguments.ts';
import { createCli } from '../../src/cli/cli.ts';
import { registerGet } from '../../src/cli/commands/get.ts';
import { registerList } from '../../src/cli/commands/list.ts';
import { registerLogs } from '../../src/cli/commands/logs.ts';
import { registerSchedule } from '../../src/cli/commands/schedule.ts';
import { registerServe } from '../../src/cli/commands/serve.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { usageErrorOf } from '../../src/cli/usage.ts';

/** A wrong command line, and what is said about it. */
const WORDS: readonly [line: string, words: RegExp, hint: RegExp][] = [
  ['lst', /^There is no command 'lst'\. Did you mean .*list.*\?$/, / --help` lists commands\.$/],
  ['--port 3', /^There is no option '--port' before a command\.$/, / --help` lists commands\.$/],
  ['schedule shw', /^There is no command 'shw'\. Did you mean show\?$/, / schedule --help` lists commands\.$/],
  ['list --jsn', /^There is no option '--jsn' of this command\. Did you mean --json\?$/, / list --help` shows /],
  ['get', /^The argument <task> is missing\. Write: \S.* get \[options\] <task>`$/, / get --help` shows /],
  ['get a b', /^This command takes one argument: leave b out, or put .* in quotes\. Write: /, / get --help` /],
  ['list a', /^This command takes no arguments: leave a out\. Write: /, / list --help` /],
  ['serve --port', /^--port needs a value\. Write: --port <port>$/, / serve --help` /],
  ['serve --port x', /^'x' is no value of --port\. Write a port from 1 to 65535, or 0 for a free one\.$/, / serve /],
  ['logs -n 0', /^'0' is no value of --lines\. Write a whole number from 1 to 999999999\.$/, / logs --help` /],
  ['logs -l loud', /^'loud' is no value of --level\. Choose one of debug, info, warn, error\.$/, / logs --help` /],
  ['logs -s soon', /^'soon' is not a time\. Write how long ago/, / logs --help` /],
  ['serve --optimizer a -c b', /^--optimizer and --schedule cannot be given together\. Leave one /, / serve --help` /],
];

/** Words of commander's own that say nothing to a person. */
const ITS_OWN = /command-argument|argument '.*' is invalid|too many arguments|Allowed choices|^error:/;

describe('a wrong command line', () => {
  for (const [line, words, hint] of WORDS) {
    it(`is explained in plain words: ${line}`, async () => {
      const program = new Command('fusionizer')
        .option('--json')
        .configureOutput({ outputError: () => undefined })
        .exitOverride();
      const cli = createCli(program, false);
      for (const register of [registerGet, registerList, registerLogs, registerSchedule, registerServe])
        register(program, cli);
      const args = line.split(' ');
      await assert.rejects(program.parseAsync(args, { from: 'user' }), (error) => {
        assert.ok(error instanceof CommanderError);
        const shown = usageErrorOf(error, program, args);
        assert.match(shown.message, words);
        assert.match(shown.hint ?? '', hint);
        assert.doesNotMatch(shown.message, ITS_OWN);
        return true;
      });
    });
  }

  const rejects = (parse: () => unknown, message: RegExp): void =>
    assert.throws(parse, (error) => error instanceof UsageError && message.test(error.message));

  it('has the groups of fuse as they were meant', () => {
    assert.deepEqual(parseGroups(['a,b', 'c,d']), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    assert.deepEqual(parseGroups(['a, b']), [['a', 'b']]);
    for (const [args, meant] of [
      [['hello,', 'caller'], 'hello,caller'],
      [['hello', ',caller'], 'hello,caller'],
      [['hello', ',', 'caller'], 'hello,caller'],
      [['a,,b'], 'a,b'],
      [['a,'], 'a,OTHER'],
      [[','], 'TASK,OTHER'],
    ] as const)
      rejects(() => parseGroups(args), new RegExp(`without spaces: .* fuse ${meant}.$`));
    rejects(() => parseGroups(['a,b', 'b,c']), /^Task 'b' is named twice\. A Task belongs to one Fusion Group/);
    rejects(() => parseGroups(['a,B']), /^"B" cannot be a Task's name: .*such as 'b'$/);
  });

  it('has the names of split and delete as they were meant', () => {
    assert.deepEqual(parseNames(['a', 'b'], 'split'), ['a', 'b']);
    for (const [args, meant] of [
      [['hello,caller'], 'hello caller'],
      [['hello,', 'caller'], 'hello caller'],
      [['a,b', 'c'], 'a b c'],
      [[','], 'TASK'],
    ] as const)
      rejects(() => parseNames(args, 'split'), new RegExp(`without commas here: .* split ${meant}.$`));
    rejects(() => parseNames(['B'], 'delete'), /such as 'b'$/);
  });
});
