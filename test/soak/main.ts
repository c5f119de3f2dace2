// `npm run soak`: the long form of the tests in this folder. SOAK_KILLS and SOAK_MINUTES set its length.
import { CrashRun } from './crashRun.ts';
import { seedOfRun } from './random.ts';
import type { Course, Samples } from './samples.ts';
import { SteadyRun } from './steadyRun.ts';

const KILLS = Number(process.env['SOAK_KILLS'] ?? 50);
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 10);
/** The most that memory may grow from the second fifth of the run to the last, as a factor. */
const FLAT = 1.15;

const seed = seedOfRun();
console.log(`seed ${seed}: FUSIONIZER_SEED=${seed} repeats this run`);
const failed = (await crash()) + (await steady());
console.log(failed === 0 ? '✔ no failures, nothing was lost' : `${failed} failures`);
process.exitCode = failed === 0 ? 0 : 1;

/** @returns the number of failures, which it prints */
async function crash(): Promise<number> {
  const began = performance.now();
  const run = await CrashRun.start(seed);
  let kills = 0;
  try {
    for (; kills < KILLS; kills += 1) {
      await run.changeKillAndCheck();
      progress(`${kills + 1} of ${KILLS} kills`);
    }
    const { changes, requests } = run.counts;
    const seconds = ((performance.now() - began) / 1000).toFixed();
    console.log(
      `\n${kills} kills in ${seconds} s: ${changes} changes answered with 200, ${requests} requests; ` +
        'nothing was missing after each restart',
    );
    return 0;
  } catch (error) {
    return report([`kill ${kills + 1}: ${error instanceof Error ? error.message : error}`]);
  } finally {
    await run.close();
  }
}

/** @returns the number of failures, which it prints */
async function steady(): Promise<number> {
  const run = await SteadyRun.start(seed);
  try {
    const { load, changes, wrong, events, samples } = await run.run(MINUTES * 60, progress);
    console.log(
      `\n${MINUTES} minutes: ${load.requests} requests, ${load.failures.length} failures, ${events} events followed`,
    );
    console.log(
      `changes: ${Object.entries(changes)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', ')}`,
    );
    console.log(`\n${row('', 'start', 'end', 'peak')}`);
    for (const [who, one] of Object.entries(samples)) for (const line of courses(who, one)) console.log(line);
    console.log();
    return report([...load.failures, ...wrong, ...Object.entries(samples).flatMap(([who, one]) => growth(who, one))]);
  } finally {
    await run.close();
  }
}

function report(failures: readonly string[]): number {
  for (const failure of failures) console.log(`✖ ${failure}`);
  return failures.length;
}

function courses(who: string, samples: Samples): string[] {
  const cells = ({ start, end, peak }: Course): string[] => [start, end, peak].map((value) => value.toFixed());
  return [
    row(`${label(who)}: memory, MiB`, ...cells(samples.memory)),
    row(`${label(who)}: open files`, ...cells(samples.files)),
  ];
}

function growth(who: string, { memory, files }: Samples): string[] {
  const grown: string[] = [];
  if (memory.end > memory.start * FLAT)
    grown.push(`memory of ${label(who)} grew from ${memory.start.toFixed()} to ${memory.end.toFixed()} MiB`);
  if (files.end > files.start + 5) grown.push(`open files of ${label(who)} grew from ${files.start} to ${files.end}`);
  return grown;
}

function label(who: string): string {
  return who === 'server' ? who : `${who} worker`;
}

function row(...[name = '', ...cells]: string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(8)).join('');
}

function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
}
