import pc from 'picocolors';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { type Application, loadApplications } from './applications.ts';
import { deployExample } from './deploy.ts';
import { fuseUnderLoad, readExampleSchedule } from './fuse.ts';
import { CLIENTS } from './load.ts';
import { type Measurement, measure } from './measure.ts';
import { type Comparison, comparisonTable, verdict } from './table.ts';
import { count, duration, ProgressLine, wrapText } from './terminal.ts';

export interface DemoResult {
  /** The applications that this machine can run. */
  applications: Application[];
  /** No request failed, and every answer stayed the same. */
  good: boolean;
}

/** Deploys the examples, sends their records apart, while they are fused, and fused, and shows how these compare. */
export async function runDemo(client: FusionizerClient): Promise<DemoResult> {
  title('Deploying the examples, each Task as a function of its own');
  const applications = await deployAll(client, await loadApplications());

  title('Sending the records to the Tasks apart');
  const apart = await measureAll(client, applications);

  const schedule = await readExampleSchedule();
  title(
    `Fusing them by examples/fusion.schedule.json (second ${Object.keys(schedule).join(', ')}) while requests go on`,
  );
  const line = new ProgressLine();
  const runs = new Map([...apart].map(([application, { run }]) => [application, run]));
  const changes = await fuseUnderLoad(client, schedule, runs, (requests) =>
    line.update(`  ${count(requests)} requests`),
  );
  const { functions } = await client.setup();
  for (const { tasks } of functions) line.done(`  ${pc.green('✓')} ${tasks.join(' + ')}`);

  title('Sending the same records to the fused Tasks');
  const fused = await measureAll(client, applications);

  title(`Before and after: medians, ${CLIENTS} clients`);
  const comparisons: Comparison[] = applications.flatMap((application) => {
    const [before, after, change] = [apart.get(application), fused.get(application), changes.get(application)];
    return before && after && change ? [{ application, apart: before, fused: after, change }] : [];
  });
  for (const comparison of comparisons) say(`${comparisonTable(comparison).join('\n')}\n`);
  const verdicts = comparisons.map(verdict);
  for (const failure of new Set(verdicts.flatMap(({ failures }) => failures).slice(0, 10)))
    say(pc.red(wrapText(`failed: ${failure}`, '  ')));
  return { applications, good: verdicts.every(({ good }) => good) };
}

async function deployAll(client: FusionizerClient, applications: readonly Application[]): Promise<Application[]> {
  const deployed: Application[] = [];
  const deploy = async (name: string, tasks: readonly string[]): Promise<boolean> => {
    const line = new ProgressLine();
    const result = await deployExample(client, name, tasks, (task) => line.update(`  ${name}: ${task}`));
    if (result.ok) {
      line.done(`  ${pc.green('✓')} ${name}`);
      for (const { task, milliseconds } of result.times)
        say(`    ${task.padEnd(10)} ${pc.dim(duration(milliseconds).padStart(9))}`);
    } else line.done(`  ${pc.yellow('-')} ${name} is left out:\n${wrapText(result.missing, '    ')}`);
    return result.ok;
  };
  for (const application of applications)
    if (await deploy(application.name, application.tasks)) deployed.push(application);
  await deploy('hello', ['taska', 'taskb']);
  return deployed;
}

async function measureAll(
  client: FusionizerClient,
  applications: readonly Application[],
): Promise<Map<Application, Measurement>> {
  const measurements = new Map<Application, Measurement>();
  for (const application of applications) {
    const line = new ProgressLine();
    const all = application.lists.flat().length;
    let sent = 0;
    const measurement = await measure(client, application, () =>
      line.update(`  ${application.name}: ${count(++sent)} of ${count(all)}`),
    );
    line.done(`  ${pc.green('✓')} ${count(all)} ${application.records}: ${pc.dim(duration(measurement.run.elapsed))}`);
    measurements.set(application, measurement);
  }
  return measurements;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const title = (text: string): void => say(`\n${pc.bold(wrapText(text))}`);
