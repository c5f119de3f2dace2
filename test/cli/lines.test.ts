import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortDetail, withoutOutput } from '../../src/cli/buildOutput.ts';
import type { Cli } from '../../src/cli/cli.ts';
import { DeployError } from '../../src/cli/deploySource.ts';
import { ServerLogOutput } from '../../src/cli/serverLogOutput.ts';
import { checkValues } from '../../src/cli/serverOptions.ts';
import { closing, cuttingOff } from '../../src/cli/signals.ts';
import { printFields } from '../../src/cli/table.ts';
import { terminalOf } from '../../src/cli/terminal.ts';
import type { LogRecord, TraceRecord } from '../../src/shared/api.ts';
import { devOutput } from '../support/devOutput.ts';

/** A terminal of so many columns, or a pipe, and what is written to it. */
function stream(columns?: number): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const write = (data: string): boolean => {
    text += data;
    return true;
  };
  return { stream: { isTTY: columns !== undefined, columns, write } as NodeJS.WriteStream, text: () => text };
}

const RECORD: LogRecord = {
  time: 0,
  level: 'info',
  message: 'one two three four five six seven',
  with: {},
  task: 't1',
  function: null,
  trace: null,
  stream: 'log',
};

describe('lines of a terminal', () => {
  it('are broken between words for a person, and a pipe gets them whole', () => {
    const words = 'error: one two three four\n  five six seven eight nine ten';
    const narrow = stream(20);
    terminalOf(narrow.stream, true).line(words);
    assert.equal(narrow.text(), 'error: one two three\n  four\n  five six seven\n    eight nine ten\n');
    for (const [whole, isForPerson] of [
      [stream(), true],
      [stream(20), false],
    ] as const) {
      terminalOf(whole.stream, isForPerson).line(words);
      assert.equal(whole.text(), `${words}\n`);
    }
  });

  it('have values of fields broken below themselves', () => {
    const narrow = stream(24);
    printFields(terminalOf(narrow.stream), [
      ['State', 'ready'],
      ['Warning', 'one two three four five\nsix'],
    ]);
    assert.equal(
      narrow.text().replaceAll('\u001b[2m', '').replaceAll('\u001b[22m', ''),
      'State    ready\nWarning  one two three\n         four five\n         six\n',
    );
  });
});

describe('the lines of serve', () => {
  const output = (columns?: number): { log: ServerLogOutput; lines: () => string[] } => {
    const { stream: to, text } = stream(columns);
    const err = { ...terminalOf(to), width: columns, colors: terminalOf(stream().stream).colors };
    const log = new ServerLogOutput({ err, json: false } as unknown as Cli, 'debug');
    return {
      log,
      lines: () => {
        log.flush();
        return text().trimEnd().split('\n');
      },
    };
  };

  it('are in the order of their times, also where a request ends after a record of it', () => {
    const { log, lines } = output();
    log.record({ ...RECORD, time: 7574, message: 'ended' });
    log.request({ callee: 't1', request: 'POST /t1', status: 500, start: 7000, duration: 573 } as TraceRecord);
    assert.deepEqual(
      lines().map((line) => line.replace(/^\S+ /, '')),
      ['warn  t1 POST /t1 500 573 ms', 'info  t1 ended'],
    );
  });

  it('are broken between words', () => {
    const { log, lines } = output(40);
    log.record(RECORD);
    assert.deepEqual(
      lines().map((line) => line.replace(/^\d\S+ /, '')),
      ['info  t1 one two three four', '    five six seven'],
    );
  });
});

describe('words of a server that closes', () => {
  it('name how long events have, and what is lost', () => {
    assert.match(closing(1, 10_000), /^Closing: one event still runs\. It has at most 10 s to end; .* cut it off\.$/);
    assert.match(closing(2, 500), /^Closing: 2 events still run\. They have at most 0\.5 s to end; .* cut them off\.$/);
    assert.match(cuttingOff(1), /^Cut off one event: its handler is stopped .*, and its client gets an error\. /);
    assert.match(cuttingOff(3), /^Cut off 3 events: their handlers are stopped .*, and their clients get errors\. /);
    assert.match(cuttingOff(0), /^No event runs any more\. The workers are being ended\. /);
  });
});

describe('an option with an empty value', () => {
  it('is refused with its name', () => {
    const good = { port: 0, platform: 'embedded', auth: 'auto', record: 'all', logLevel: 'debug' } as const;
    checkValues(good);
    for (const [options, flag] of [
      [{ python: '' }, '--python'],
      [{ state: '' }, '--state'],
      [{ tokenFile: '' }, '--token-file'],
      [{ allowHost: ['a', ''] }, '--allow-host'],
    ] as const)
      assert.throws(() => checkValues({ ...good, ...options, allowHost: [...(options.allowHost ?? [])] }), {
        message: `${flag} is empty. Name a value, or leave it out.`,
      });
  });
});

describe('a failed build in dev', () => {
  const failed = (detail: string, built: string[]): string[] => {
    const { dev, lines } = devOutput();
    const report = { code: 'task', detail, file: 'bad/function.yaml', line: 8 };
    dev.failed('bad', 'bad', new DeployError(new Error(detail), report, undefined), built);
    return lines.map((line) => line.trim());
  };

  it('has the last lines of its output, once', () => {
    const output = ['$ make', 'compiling', 'error: no', 'make: Leaving directory'];
    assert.deepEqual(failed("The build command 'make' failed (exit status 7): error: no\nAdd it", output), [
      "bad      failed The build command 'make' failed (exit status 7):",
      ...output,
      'Add it',
      'at bad/function.yaml:8',
      'The next save tries again.',
    ]);
  });

  it('whose error has several lines has them once, too, and each on a line of its own', () => {
    const detail = "The build command 'make' failed (exit status 7):\none\ntwo\nAdd it";
    const begin = "bad      failed The build command 'make' failed (exit status 7):";
    const rest = ['Add it', 'at bad/function.yaml:8', 'The next save tries again.'];
    assert.deepEqual(failed(detail, []), [begin, 'one', 'two', ...rest]);
    assert.deepEqual(failed(detail, ['$ make', 'one', 'two']), [begin, '$ make', 'one', 'two', ...rest]);
    const report = withoutOutput({ code: 'task', detail }, ['one', 'two'], '; its output is above');
    assert.equal(report.detail, "The build command 'make' failed (exit status 7); its output is above\nAdd it");
    assert.equal(shortDetail(detail), "The build command 'make' failed (exit status 7): one");
  });

  it('of many lines has the last ones', () => {
    const output = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const lines = failed("The build command 'make' failed (exit status 7): line 99", output);
    assert.deepEqual([lines[1], lines[2], lines[41]], ['(60 lines before)', 'line 60', 'line 99']);
  });
});
