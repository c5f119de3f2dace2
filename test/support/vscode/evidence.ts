import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach } from 'node:test';
import { logFiles, ownLogs } from './logs.ts';
import type { VSCode } from './startVSCode.ts';

/** What the hook gets of the test that has ended; the types of Node.js have only its name yet. */
interface Ended {
  name: string;
  passed?: boolean;
}

/** Windows by the folder that keeps their screenshots. */
const watched = new Map<VSCode, string>();

/**
 * Keeps what a window shows at the moment at which a test of this file fails, and all its logs, in
 * `<folder>/failed <test>/`: a failure that comes once in many runs has to be understood from its only run.
 * @returns ends it
 */
export function keepEvidence(vscode: VSCode, folder: string): () => void {
  watched.set(vscode, folder);
  return () => void watched.delete(vscode);
}

afterEach(async (test) => {
  const { name, passed } = test as unknown as Ended;
  if (passed !== false) return;
  for (const [vscode, folder] of watched) await keep(vscode, path.join(folder, `failed ${name.replaceAll('/', ' ')}`));
});

async function keep(vscode: VSCode, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (!vscode.page.isClosed()) await vscode.page.screenshot({ path: path.join(folder, 'window.png') });
  await writeFile(path.join(folder, 'console.log'), vscode.console.join('\n'));
  for (const file of await logFiles(vscode.dir)) {
    const short = path.relative(path.join(vscode.dir, 'data', 'logs'), file).replaceAll(path.sep, ' ');
    await copyFile(file, path.join(folder, short));
  }
  console.log(`Kept in ${folder}; the last lines of the extension host and the window:\n${await ownLogs(vscode)}`);
}
