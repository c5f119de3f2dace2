import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** The report of a run for the process that started it. */
export interface HostReport {
  tests: { title: string; state: 'passed' | 'failed' | 'skipped'; error?: string; milliseconds?: number }[];
  /** False if the extension host died before the last test. */
  complete: boolean;
}

/** The limit of one test, with room for the slowest test on a busy machine. */
const TIMEOUT_MS = 60_000;

/**
 * Called by VS Code in the extension host: runs the suites beside it. The report goes to the file that
 * FUSIONIZER_HOST_REPORT names.
 */
export async function run(): Promise<void> {
  const file = process.env['FUSIONIZER_HOST_REPORT'];
  if (file === undefined) throw new Error('FUSIONIZER_HOST_REPORT does not name a file');
  const grep = process.env['FUSIONIZER_HOST_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: TIMEOUT_MS,
    reporter: class {} as never,
    ...(grep === undefined ? {} : { grep }),
  });
  const suites = readdirSync(__dirname).filter((name) => name.endsWith('.suite.cjs'));
  for (const name of suites.sort()) mocha.addFile(path.join(__dirname, name));
  const report: HostReport = { tests: [], complete: false };
  // Written after each test, so that an extension host that dies leaves the results so far.
  const write = () => writeFileSync(file, JSON.stringify(report));
  const add = (test: HostReport['tests'][number]) => {
    report.tests.push(test);
    write();
  };
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => add({ title: test.fullTitle(), state: 'passed', milliseconds: test.duration ?? 0 }))
      .on('fail', (test, error: Error) =>
        add({ title: test.fullTitle(), state: 'failed', error: error.stack ?? String(error) }),
      )
      .on('pending', (test) => add({ title: test.fullTitle(), state: 'skipped' }));
  });
  report.complete = true;
  write();
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
