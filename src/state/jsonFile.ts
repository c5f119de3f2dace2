import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ifMissing } from '../shared/ifMissing.ts';

/**
 * Reads a small JSON file that a server of any version may have written.
 * @returns undefined for a file that is not there, and for one that is not of this shape
 */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(ifMissing(undefined));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
