import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Creates a folder with these files, and removes it after the test. */
export async function temporaryFolder(
  test: { after(fn: () => Promise<void>): void },
  files: Record<string, string | Uint8Array> = {},
): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-folder-'));
  test.after(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), content);
  }
  return dir;
}
