import { readFile, writeFile } from 'node:fs/promises';
import { messageOf } from '../../shared/errors.ts';
import type { FusionizerClient } from '../fusionizerClient.ts';
import { compareAnswer, type Difference, expectedOf, parseExpected } from '../payload/expectedAnswer.ts';
import { isBinaryFile } from '../payload/payloadFile.ts';
import { documentInvocation, type Prepared, plainInvocation } from '../payload/toInvocation.ts';
import type { TestCase } from './findCases.ts';

/** How a case ended. */
export interface CaseResult {
  readonly test: TestCase;
  /** `apart`, `fused`, or the server's own setup. */
  readonly way: string;
  /** In milliseconds. */
  readonly duration: number;
  /** Empty if the answer is the expected one. */
  readonly differences: readonly Difference[];
  /** Why there is no answer to compare, or no expected one. */
  readonly error: string | undefined;
  /** The trace id of the invocation. */
  readonly trace: string | undefined;
}

/**
 * Sends a payload, and compares its answer with the expected one.
 * @param update writes the answer as the expected one instead, and keeps which parts are ignored
 */
export async function runCase(
  client: FusionizerClient,
  test: TestCase,
  way: string,
  update: boolean,
  signal: AbortSignal,
): Promise<CaseResult> {
  const began = performance.now();
  const ended = (more: Partial<CaseResult>): CaseResult => ({
    test,
    way,
    duration: performance.now() - began,
    differences: [],
    error: undefined,
    trace: undefined,
    ...more,
  });
  try {
    const expected = parseExpected(await readFile(test.expected, 'utf8'), test.expected);
    const { method, path, headers, body } = await requestOf(test);
    const answer = await client.invoke(test.task, { method, path, headers, body, signal });
    if (!update) return ended({ differences: compareAnswer(expected, answer), trace: answer.trace });
    await writeFile(test.expected, expectedOf(answer, expected.ignore));
    return ended({ trace: answer.trace });
  } catch (error) {
    if (signal.aborted) throw error;
    return ended({ error: messageOf(error) });
  }
}

async function requestOf({ name, payload }: TestCase): Promise<Prepared> {
  const bytes = await readFile(payload);
  return isBinaryFile(name) ? plainInvocation(bytes, name) : documentInvocation(name, bytes.toString());
}
