import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { type Application, loadApplications } from '../../src/demo/applications.ts';
import { deployExample } from '../../src/demo/deploy.ts';
import { fuseUnderLoad, readExampleSchedule } from '../../src/demo/fuse.ts';
import { countEqual, type Run } from '../../src/demo/load.ts';
import { type Measurement, measure } from '../../src/demo/measure.ts';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { normalForm } from '../../src/shared/setup.ts';
import { TestServer } from '../support/server.ts';

interface WeatherAnswer {
  date: string;
  month: {
    month: string;
    days: number;
    rain: number;
    wet_days: number;
    highest: number;
    lowest: number;
    mean: number;
    kinds: Record<string, number>;
  };
  alerts: { kind: string; text: string }[];
}

interface QuakeAnswer {
  id: string;
  magnitude: number;
  place: { city: string; distance: number; text: string };
  energy: { joules: number; tonsOfTnt: number };
  score: { epicentre: number; city: number };
  notice: { level: string; tell: string[]; text: string };
}

const data = (file: string): Promise<string> =>
  readFile(path.join(packageRoot(), 'node_modules', 'vega-datasets', 'data', file), 'utf8');

async function load(name: string, keep: (list: readonly string[], index: number) => boolean): Promise<Application> {
  const application = (await loadApplications()).find((one) => one.name === name);
  assert.ok(application);
  return { ...application, lists: application.lists.filter(keep) };
}

/** Sends the records apart, while the example schedule fuses the Tasks, and fused. */
async function apartAndFused(
  t: TestContext,
  application: Application,
): Promise<{ server: TestServer; apart: Measurement; fused: Measurement }> {
  const server = await TestServer.start(t);
  const client = new FusionizerClient(server.url);
  const deployed = await deployExample(client, application.name, application.tasks, () => {});
  assert.ok(deployed.ok);
  assert.equal(normalForm((await client.setup()).actual), '[]');
  const apart = await measure(client, application, () => {});
  assert.deepEqual(apart.run.failures, []);

  // The same entry, due at once.
  const [setup = []] = Object.values(await readExampleSchedule());
  const before = new Map<Application, Run>([[application, apart.run]]);
  const change = (await fuseUnderLoad(client, { '0': setup }, before, () => {})).get(application);
  assert.ok(change && change.requests > 0);
  assert.deepEqual(change.failures, []);
  assert.equal(change.equal, change.requests);
  assert.equal(normalForm((await client.setup()).actual), normalForm([[...application.tasks]]));

  const fused = await measure(client, application, () => {});
  assert.deepEqual(fused.run.failures, []);
  const requests = application.lists.flat().length;
  assert.equal(countEqual(apart.run.answers, fused.run.answers), requests);
  assert.deepEqual([apart.remoteCalls, apart.localCalls], [requests * application.callsPerRequest, 0]);
  assert.deepEqual([fused.remoteCalls, fused.localCalls], [0, requests * application.callsPerRequest]);
  return { server, apart, fused };
}

test('weather: fused and apart give the same statistics and alerts, and those of the data set', async (t) => {
  const months = ['2012-01', '2014-03', '2015-07'];
  const application = await load('weather', ([first = '']) => months.includes(first.slice(0, 7)));
  const { server, fused } = await apartAndFused(t, application);

  const rows = (await data('seattle-weather.csv'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  for (const answers of fused.run.answers) {
    const days = answers.map((answer): WeatherAnswer => JSON.parse(answer));
    const month = days.at(-1)?.month;
    assert.ok(month);
    const expected = rows.filter(([date]) => date?.startsWith(month.month));
    const column = (index: number): number[] => expected.map((row) => Number(row[index]));
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
    assert.equal(month.days, expected.length);
    assert.equal(month.rain.toFixed(1), sum(column(1)).toFixed(1));
    assert.equal(month.wet_days, column(1).filter((rain) => rain >= 1).length);
    assert.deepEqual([month.highest, month.lowest], [Math.max(...column(2)), Math.min(...column(3))]);
    assert.ok(Math.abs(month.mean - (sum(column(2)) + sum(column(3))) / 2 / expected.length) <= 0.051);
    assert.equal(month.kinds['rain'] ?? 0, expected.filter((row) => row[5] === 'rain').length);
    const frost = expected.filter((row) => Number(row[3]) <= 0).map(([date]) => date);
    assert.deepEqual(
      days.filter(({ alerts }) => alerts.some(({ kind }) => kind === 'frost')).map(({ date }) => date),
      frost,
    );
  }

  for (const [record, status, reason] of [
    ['2012-01-01,0.0,12.8', 400, /3 values instead of 6/],
    ['2012-01-01,wet,12.8,5.0,4.7,drizzle', 400, /precipitation is 'wet', not a number/],
    ['2012-02-30,0.0,12.8,5.0,4.7,drizzle', 422, /there is no date '2012-02-30'/],
    ['2012-01-01,0.0,5.0,12.8,4.7,hail', 422, /temp_min is 12.8, above temp_max, 5.0; weather is 'hail'/],
  ] as const) {
    const answer = await server.request('/ingest', {
      method: 'POST',
      body: record,
      headers: { 'Content-Type': 'text/csv' },
    });
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.text, reason);
  }
});

test('earthquakes: fused and apart give the same notices, and places as the survey names them', async (t) => {
  const application = await load(
    'earthquakes',
    (list, index) => index % 10 === 0 || list.some((record) => record.includes('NNE of Hualian')),
  );
  const { server, fused } = await apartAndFused(t, application);
  const quakes = fused.run.answers.flat().map((answer): QuakeAnswer => JSON.parse(answer));

  const strongest = quakes.reduce((one, other) => (other.magnitude > one.magnitude ? other : one));
  const { features }: { features: { id: string; properties: { mag: number; place: string } }[] } = JSON.parse(
    await data('earthquakes.json'),
  );
  const { properties } = features.find(({ id }) => id === strongest.id) ?? {};
  assert.deepEqual(properties && [properties.mag, properties.place], [6.4, '22km NNE of Hualian, Taiwan']);
  assert.equal(strongest.place.city, 'Hualien');
  assert.ok(Math.abs(strongest.place.distance - 22) <= 5, strongest.place.text);
  assert.match(strongest.place.text, / (N|NE) of Hualien$/);
  assert.equal(strongest.notice.level, 'red');
  // Gutenberg and Richter: one unit of magnitude more is 31.6 times the energy; M 6 is about 15,000 tons of TNT.
  assert.ok(
    Math.abs(strongest.energy.tonsOfTnt / 15_000 - 10 ** (1.5 * 0.4)) < 0.1,
    String(strongest.energy.tonsOfTnt),
  );
  for (const { score } of quakes) assert.ok(score.city >= 1 && score.city <= score.epicentre && score.epicentre <= 10);

  for (const [record, reason] of [
    ['{', /Not an earthquake: .*JSON/],
    ['{"id": "x", "properties": {"time": 0}}', /x has no magnitude/],
    [
      '{"id": "x", "properties": {"mag": 1, "time": 0}, "geometry": {"coordinates": [0, 91, 0]}}',
      /x has no place on Earth/,
    ],
  ] as const) {
    const answer = await server.request('/parse', {
      method: 'POST',
      body: record,
      headers: { 'Content-Type': 'application/json' },
    });
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.text, reason);
  }
});

test('taska calls taskb by port 8000 on a server with another port, apart and fused', async (t) => {
  const server = await TestServer.start(t);
  assert.notEqual(server.url.port, '8000');
  const deployed = await deployExample(new FusionizerClient(server.url), 'hello', ['taska', 'taskb'], () => {});
  assert.ok(deployed.ok);
  for (const group of [['taska'], ['taska', 'taskb']]) {
    assert.equal((await server.changeSetup('PUT', [group])).status, 200);
    const answer = await server.post('taska');
    assert.deepEqual([answer.status, answer.text], [200, 'taska says: Hello, Task A!']);
  }
  assert.equal(
    (await server.request('/taska')).text,
    "Task 'taska':\nCurrently deployed with other Tasks: ['taska', 'taskb']\nStatus: ready",
  );
});
