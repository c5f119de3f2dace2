import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { VSCode } from './startVSCode.ts';
import { waitFor } from './wait.ts';

/** The log files of a VS Code with its data in this folder. */
export async function logFiles(dir: string): Promise<string[]> {
  const root = path.join(dir, 'data', 'logs');
  try {
    return (await readdir(root, { recursive: true }))
      .filter((name) => name.endsWith('.log'))
      .map((name) => path.join(root, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * All of an output channel, read where VS Code keeps it: the view shows but a part. A channel that is not there is
 * empty.
 */
export async function outputChannel(vscode: VSCode, name: string): Promise<string> {
  // LogOutputChannels are `<name>.log`; plain ones have a number before.
  const files = (await logFiles(vscode.dir)).filter(
    (file) => path.basename(file, '.log').replace(/^\d+-/, '') === name.replaceAll(/[\\/:*?"<>|]/g, ''),
  );
  const texts = await Promise.all(files.sort().map((file) => readFile(file, 'utf8')));
  return texts.join('');
}

/** Waits until an output channel has a text; gives all of it. */
export function waitForOutput(vscode: VSCode, name: string, pattern: RegExp): Promise<string> {
  return waitFor(`${pattern} in the output channel ${name}`, async () => {
    const text = await outputChannel(vscode, name);
    return pattern.test(text) && text;
  });
}

/**
 * What the extension hosts and the window say of themselves, the newest lines last: for the message of a test that
 * fails.
 */
export async function ownLogs(vscode: VSCode): Promise<string> {
  const files = (await logFiles(vscode.dir)).filter((file) => path.basename(file) === 'remoteexthost.log');
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  // Each lists all extensions that it knows, with their folders.
  const lines = [...texts.flatMap((text) => text.split('\n')), ...vscode.console.slice(-10)].filter(
    (line) => !line.includes(' -> '),
  );
  return lines.slice(-40).join('\n');
}
