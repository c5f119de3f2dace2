import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { ownLogs } from '../support/vscode/logs.ts';
import { VSCode } from '../support/vscode/startVSCode.ts';
import { settlesWithin } from '../support/vscode/wait.ts';
import type { HostReport } from './host/index.ts';

interface Window {
  name: string;
  says: string;
  trusted: boolean;
}

interface HostRun {
  extension: string;
  tests: string;
  report: string;
  workspace?: string;
  env: Record<string, string>;
}

interface HostSuites {
  WINDOWS: Window[];
  prepareHostRun(dir: string, window: Window): Promise<HostRun>;
  readHostReport(file: string): HostReport | undefined;
}

const PATIENCE_MS = 240_000;

const { WINDOWS, prepareHostRun, readHostReport }: HostSuites = await import(
  new URL('../../scripts/hostSuites.mjs', import.meta.url).href
);

describe('in a real extension host', { concurrency: 1 }, () => {
  for (const window of WINDOWS) {
    it(`${window.says} (${window.name})`, async (t) => {
      const run = await prepareHostRun(await temporaryFolder(t), window);
      const { extension: development, tests, workspace, env } = run;
      const vscode = await VSCode.start(t, {
        extension: { development, tests },
        trusted: window.trusted,
        env,
        ...(workspace === undefined ? {} : { workspace }),
      });
      const ended = await settlesWithin(vscode.testsEnded, PATIENCE_MS);
      const report = readHostReport(run.report);
      const logs = report?.complete ? '' : await ownLogs(vscode);
      await vscode.close();
      for (const { title, state, error } of report?.tests ?? []) {
        await t.test(title, { skip: state === 'skipped' }, () => {
          if (error !== undefined) throw Object.assign(new Error('failed in the extension host'), { stack: error });
        });
      }
      assert.ok(
        report?.complete,
        `${ended ? 'The extension host died' : 'The suites did not end'} ` +
          `after ${report?.tests.length ?? 0} tests:\n${logs}`,
      );
      assert.ok(report.tests.length > 0, 'no test ran');
    });
  }
});
