import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { packageRoot } from '../shared/packageRoot.ts';
import { type ScheduleFile, scheduleFileSchema } from '../shared/scheduleApi.ts';
import { normalForm, targetGroups } from '../shared/setup.ts';
import type { Application } from './applications.ts';
import { countEqual, type Run, sendRecords } from './load.ts';

/** An entry of a schedule that takes longer than this after its second has failed; milliseconds. */
const LONGEST_CHANGE = 30_000;

/** The clients' view of one application while its functions were replaced. */
export interface Change {
  requests: number;
  failures: string[];
  equal: number;
}

export async function readExampleSchedule(): Promise<ScheduleFile> {
  return scheduleFileSchema.parse(
    JSON.parse(await readFile(path.join(packageRoot(), 'examples', 'fusion.schedule.json'), 'utf8')),
  );
}

/**
 * Starts the schedule's clock, and sends the records of all applications again and again until the schedule's last
 * setup is reached.
 * @param before the earlier answers of each application
 * @throws when the setup is not reached
 */
export async function fuseUnderLoad(
  client: FusionizerClient,
  schedule: ScheduleFile,
  before: ReadonlyMap<Application, Run>,
  progress: (requests: number) => void,
): Promise<Map<Application, Change>> {
  const changes = new Map<Application, Change>(
    [...before.keys()].map((application) => [application, { requests: 0, failures: [], equal: 0 }]),
  );
  let reached = false;
  let requests = 0;
  const load = [...before].map(async ([application, { answers }]) => {
    const change = changes.get(application) ?? { requests: 0, failures: [], equal: 0 };
    while (!reached) {
      const run = await sendRecords(
        client,
        application,
        () => progress(++requests),
        () => reached,
      );
      change.requests += run.durations.length;
      change.failures.push(...run.failures);
      change.equal += countEqual(run.answers, answers);
    }
  });
  const [lastSecond = 0] = Object.keys(schedule)
    .map(Number)
    .sort((a, b) => b - a);
  await client.updateSchedule({ entries: schedule, clock: 'restart' });
  try {
    await reach(client, schedule[lastSecond] ?? [], lastSecond * 1000 + LONGEST_CHANGE);
  } finally {
    reached = true;
    await Promise.all(load);
  }
  return changes;
}

/** Waits until the actual setup is the wanted one, without Tasks that are not deployed. */
async function reach(client: FusionizerClient, wanted: string[][], longest: number): Promise<void> {
  const began = performance.now();
  while (true) {
    const { actual, error } = await client.setup();
    if (normalForm(actual) === normalForm(targetGroups(wanted, actual.flat()))) return;
    if (performance.now() - began > longest)
      throw new Error(`The setup of the schedule was not reached: ${error ?? JSON.stringify(actual)}`);
    await sleep(50);
  }
}
