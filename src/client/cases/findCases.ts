import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../shared/ifMissing.ts';
import { expectedFileOf, isExpectedFile, payloadFolder, payloadOf } from '../payload/payloadFile.ts';

/** A saved payload with the answer that it is expected to get. */
export interface TestCase {
  readonly task: string;
  /** The payload's file name. */
  readonly name: string;
  /** Both absolute. */
  readonly payload: string;
  readonly expected: string;
}

/** The cases of a folder, and what is in the way of others. */
export interface FoundCases {
  /** By Task and name. */
  readonly cases: readonly TestCase[];
  /** Payloads without an expected answer. */
  readonly untested: number;
  /** Expected answers without a payload. */
  readonly orphans: readonly string[];
}

/**
 * Finds the payloads with an expected answer in `.fusionizer/payloads/` of a folder.
 * @param tasks only those of these Tasks; empty: of all
 */
export async function findCases(dir: string, tasks: readonly string[]): Promise<FoundCases> {
  const top = path.dirname(payloadFolder(path.resolve(dir), 'task'));
  const folders = await readdir(top, { withFileTypes: true }).catch(ifMissing([]));
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const cases: TestCase[] = [];
  const orphans: string[] = [];
  let untested = 0;
  for (const task of names.sort().filter((name) => tasks.length === 0 || tasks.includes(name))) {
    const folder = path.join(top, task);
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const payloads = files.filter((name) => payloadOf(path.join(folder, name)) !== undefined).sort();
    const met = new Set<string>();
    for (const name of payloads) {
      const expected = expectedFileOf(name);
      if (!files.includes(expected)) {
        untested += 1;
        continue;
      }
      met.add(expected);
      cases.push({ task, name, payload: path.join(folder, name), expected: path.join(folder, expected) });
    }
    for (const name of files) if (isExpectedFile(name) && !met.has(name)) orphans.push(path.join(folder, name));
  }
  return { cases, untested, orphans };
}
