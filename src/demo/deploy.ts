import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ClientError } from '../client/errors.ts';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { packageRoot } from '../shared/packageRoot.ts';
import { packTask } from '../task/pack.ts';

export type Deployed = { ok: true; times: { task: string; milliseconds: number }[] } | { ok: false; missing: string };

/**
 * Deploys Tasks of an example, one after the other.
 * @returns what this machine lacks, if the platform cannot run them
 * @throws ClientError for every other failure
 */
export async function deployExample(
  client: FusionizerClient,
  example: string,
  tasks: readonly string[],
  progress: (task: string) => void,
): Promise<Deployed> {
  const times: { task: string; milliseconds: number }[] = [];
  for (const task of tasks) {
    progress(task);
    const source = path.join(packageRoot(), 'examples', example, task);
    const began = performance.now();
    try {
      await client.deploy(task, (await packTask(source)).zip, { source });
    } catch (error) {
      if (error instanceof ClientError && error.code === 'platform') return { ok: false, missing: error.message };
      throw error;
    }
    times.push({ task, milliseconds: performance.now() - began });
  }
  return { ok: true, times };
}
