import { fstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../shared/errors.ts';
import { UsageError } from './errors.ts';

export interface BodyOptions {
  data?: string;
  file?: string;
  method: string;
}

/** Methods whose requests have no body unless one is asked for. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
const STDIN = 0;

/** The body of an invocation: `--data`, `--file` (`-` is stdin), else the piped input. */
export async function readRequestBody({ data, file, method }: BodyOptions): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data);
  if (file === '-' || (file === undefined && !BODILESS.has(method) && isPiped())) return readStdin();
  if (file === undefined) return undefined;
  return readFile(file).catch((cause: unknown) => {
    throw new UsageError(`Cannot read the body from ${file}: ${messageOf(cause)}`, { cause });
  });
}

/** Only a pipe, a socket or a file has input: a terminal would wait for a person, and /dev/null is not a body. */
function isPiped(): boolean {
  try {
    const stats = fstatSync(STDIN);
    return stats.isFIFO() || stats.isFile() || stats.isSocket();
  } catch (error) {
    // Started with stdin closed.
    if (error instanceof Error && 'code' in error && error.code === 'EBADF') return false;
    throw error;
  }
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
