import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from './wait.ts';

/** The logs of a running VS Code. */
interface Logging {
  /** The folder with its data. */
  readonly dir: string;
  /** The lines of the window's console. */
  readonly console: readonly string[];
}

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
 * The whole text of an output channel, read from its log file, as the view shows only a part. A channel that does not
 * exist is empty.
 */
export async function outputChannel(vscode: Logging, name: string): Promise<string> {
  // LogOutputChannels are `<name>.log`; plain ones have a number before.
  const files = (await logFiles(vscode.dir)).filter(
    (file) => path.basename(file, '.log').replace(/^\d+-/, '') === name.replaceAll(/[\\/:*?"<>|]/g, ''),
  );
  const texts = await Promise.all(files.sort().map((file) => readFile(file, 'utf8')));
  return texts.join('');
}

/** Waits until an output channel has a text, and returns all of it. */
export function waitForOutput(vscode: Logging, name: string, pattern: RegExp): Promise<string> {
  return waitFor(`${pattern} in the output channel ${name}`, async () => {
    const text = await outputChannel(vscode, name);
    return pattern.test(text) && text;
  });
}

/** What the extension hosts wrote of themselves, such as which extensions they activated. */
export async function hostLog(vscode: Logging): Promise<string> {
  const files = (await logFiles(vscode.dir)).filter((file) => path.basename(file) === 'remoteexthost.log');
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('');
}

/**
 * The last lines of the logs of the extension hosts and the window, for the message of a failed test.
 */
export async function ownLogs(vscode: Logging): Promise<string> {
  const text = await hostLog(vscode);
  // Lines with arrows list all known extensions and their folders.
  const lines = [...text.split('\n'), ...vscode.console.slice(-10)].filter((line) => !line.includes(' -> '));
  return lines.slice(-40).join('\n');
}
