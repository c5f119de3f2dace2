import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RawExchange } from '../../../../src/engine/observe/traceStore/traceLine.ts';
import { TraceStore, type TraceStoreOptions } from '../../../../src/engine/observe/traceStore/traceStore.ts';
import type { PlatformFunction } from '../../../../src/platform/platform.ts';
import { textMask } from '../../../../src/secrets/mask.ts';
import type { TraceRecord } from '../../../../src/shared/api.ts';

export const SECRET = 'hunter2-is-a-secret';

export const record = (trace: string, more: Partial<TraceRecord> = {}): TraceRecord => ({
  trace: trace.padEnd(32, '0'),
  span: trace.padEnd(16, '1').slice(0, 16),
  parent: null,
  caller: null,
  callee: 'a',
  local: false,
  start: 1_700_000_000_000,
  duration: 1.5,
  status: 200,
  cold: false,
  group: ['a'],
  ...more,
});

export const exchange = (more: Partial<RawExchange> = {}): RawExchange => ({
  method: 'POST',
  target: '/',
  headers: ['Content-Type', 'text/plain'],
  ownItems: 0,
  body: Buffer.from('sent'),
  answer: { status: 200, headers: ['X-Own', 'one'], body: Buffer.from('got'), cold: false },
  fn: {} as PlatformFunction,
  ...more,
});

/** A store, and what it warned of. */
export async function openStore(
  dir: string,
  options: Partial<TraceStoreOptions> = {},
): Promise<{ store: TraceStore; warnings: string[] }> {
  const warnings: string[] = [];
  const mask = textMask([SECRET]);
  const warn = (message: string): void => void warnings.push(message);
  const store = await TraceStore.open({ dir, record: 'all', mask: () => mask, warn, ...options });
  if (store === undefined) throw new Error(warnings.join());
  return { store, warnings };
}

/** The files of a store by name, oldest first. */
export async function segments(dir: string): Promise<{ name: string; content: Buffer }[]> {
  const names = (await readdir(dir)).sort();
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(path.join(dir, name)) })));
}

/** The numbers of all records, oldest first. */
export const numbers = async (store: TraceStore): Promise<number[]> =>
  (await store.find({}, 1_000_000)).map(({ n }) => n).reverse();
