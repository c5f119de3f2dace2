import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FusionizerError } from '../../shared/errors.ts';
import { familyOf } from '../../shared/runtimeFamily.ts';
import type { Setup } from '../../shared/setupApi.ts';
import type { FusionizerClient } from '../fusionizerClient.ts';
import type { TestCase } from './findCases.ts';
import { type CaseResult, runCase } from './runCase.ts';

/** A setup in which cases are run. */
export interface Way {
  readonly name: string;
  /** Undefined: as the server has it. */
  readonly setup: Setup | undefined;
}

/** The Tasks apart, and fused: by default all of one language together. */
export async function apartAndFused(client: FusionizerClient, fused?: Setup): Promise<Way[]> {
  return [
    { name: 'apart', setup: [] },
    { name: 'fused', setup: fused ?? (await byRuntime(client)) },
  ];
}

async function byRuntime(client: FusionizerClient): Promise<Setup> {
  const groups = new Map<string, string[]>();
  for (const { name, runtime } of await client.tasks()) {
    const family = familyOf(runtime);
    groups.set(family, [...(groups.get(family) ?? []), name]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Follows the cases while they run. */
export interface CaseListener {
  began(way: Way): void;
  ended(result: CaseResult): void;
}

/**
 * Runs cases in several setups, one after the other.
 * @param update writes the answers of the first setup as the expected ones
 */
export async function runWays(
  client: FusionizerClient,
  cases: readonly TestCase[],
  ways: readonly Way[],
  { update = false, signal }: { update?: boolean; signal: AbortSignal },
  listener: CaseListener,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const way of ways) {
    if (way.setup !== undefined) await client.putSetup(way.setup, { signal });
    listener.began(way);
    for (const one of cases) {
      // What was written apart is what the Tasks have to answer when they are fused.
      const result = await runCase(client, one, way.name, update && way === ways[0], signal);
      results.push(result);
      listener.ended(result);
    }
  }
  return results;
}

/** A server that is started for cases only. */
interface CaseServer {
  readonly address: URL;
  readonly tokenFile: string | undefined;
  close(): Promise<void>;
}

/**
 * Works with a server of its own, whose state is removed afterwards.
 * @param start gets the folder for the state
 * @param connect makes the client, with the server's token if it asks for one
 */
export async function onOwnServer<T>(
  start: (state: string) => Promise<CaseServer>,
  connect: (address: URL, token: string | undefined) => FusionizerClient,
  work: (client: FusionizerClient) => Promise<T>,
): Promise<T> {
  const state = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-test-'));
  try {
    const server = await start(state);
    try {
      const token = server.tokenFile === undefined ? undefined : (await readFile(server.tokenFile, 'utf8')).trim();
      return await work(connect(server.address, token));
    } finally {
      await server.close();
    }
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

/** @throws FusionizerError `not-found` for Tasks that no folder has */
export function checkGroups(groups: Setup, names: readonly string[]): void {
  const unknown = groups.flat().filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new FusionizerError('not-found', `There is no Task ${unknown.join(', ')} in the folder: fuse others`);
}
