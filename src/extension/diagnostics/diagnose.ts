import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { env, version, workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { textSetting } from '../settings.ts';
import { stateWord } from '../setup/tree/items.ts';
import type { Diagnosis } from './report.ts';

const run = promisify(execFile);

/** Collects the facts for a bug report. Starts no server. */
export async function diagnose(services: Services): Promise<Diagnosis> {
  const { context, model, server } = services;
  const { status } = server;
  const rows = model.taskRows;
  const trust = workspace.isTrusted ? 'trusted' : 'not trusted';
  const setupError = model.setup?.error;
  return {
    versions: {
      Extension: String(context.extension.packageJSON.version),
      'VS Code': `${version} (${env.appName}${env.remoteName === undefined ? '' : `, ${env.remoteName}`})`,
      'Node.js': process.version,
      OS: `${os.type()} ${os.release()} ${os.arch()}, ${os.cpus().length} CPUs`,
      Python: await pythonVersion(),
      Workspace: `${workspace.workspaceFolders?.length ?? 0} folders, ${trust}`,
    },
    server: {
      Status: status.kind,
      ...('error' in status ? { Error: messageOf(status.error) } : {}),
      ...('connection' in status ? { Address: status.connection.address, 'Run by': status.connection.origin } : {}),
    },
    settings: changedSettings(services),
    tasks: rows.map((row) => ({
      name: row.name,
      state: stateWord(row),
      runtime: row.task?.runtime ?? row.folder?.runtime ?? '-',
      version: String(row.task?.version ?? '-'),
      group: row.task?.group.join(' + ') ?? '-',
    })),
    errors: [
      ...(setupError ? [{ of: 'Setup', message: setupError }] : []),
      ...rows.flatMap(({ name, error, task }) => {
        const output = task?.crash ? `${task.crash.ended}\n${task.crash.output}` : undefined;
        return [error, output].filter((message) => message !== undefined).map((message) => ({ of: name, message }));
      }),
    ],
  };
}

function changedSettings({ context }: Services): Record<string, unknown> {
  const declared = Object.keys(context.extension.packageJSON.contributes.configuration.properties);
  const entries = declared.flatMap((name) => {
    const found = workspace.getConfiguration().inspect(name);
    const value = found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
    return value === undefined || JSON.stringify(value) === JSON.stringify(found?.defaultValue)
      ? []
      : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

async function pythonVersion(): Promise<string> {
  // The workspace may have set the interpreter.
  if (!workspace.isTrusted) return 'not asked: the workspace is not trusted';
  const python = textSetting('python.path') ?? (process.platform === 'win32' ? 'python' : 'python3');
  return run(python, ['--version'], { timeout: 5000 }).then(
    ({ stdout, stderr }) => `${(stdout || stderr).trim()} (${python})`,
    (error: unknown) => `${python} cannot be run: ${messageOf(error).split('\n', 1)[0]}`,
  );
}
