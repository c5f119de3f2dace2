import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * The extension as a user installs it. `npm test` makes it once for all tests and names it by FUSIONIZER_VSIX; a test
 * that is run by hand makes its own.
 * @returns the path of the VSIX
 */
export async function vsix(test: { after(fn: () => Promise<void>): void }): Promise<string> {
  const made = process.env['FUSIONIZER_VSIX'];
  if (made !== undefined) return made;
  const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-vsix-'));
  test.after(() => rm(dir, { recursive: true }));
  const script = new URL('../../../scripts/package.mjs', import.meta.url).href;
  const { makePackage }: { makePackage(out: string): Promise<string> } = await import(script);
  const file = path.join(dir, 'fusionizer.vsix');
  await makePackage(file);
  return file;
}
