import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../shared/packageRoot.ts';

/** An example application, and the real records that the demo sends to it. */
export interface Application {
  /** Also its folder in examples/. */
  readonly name: string;
  readonly language: 'Python' | 'Node.js';
  /** Its Tasks, each a folder of its own. Records go to the first one. */
  readonly tasks: readonly [string, ...string[]];
  readonly records: string;
  /** Calls from Task to Task that one request makes. */
  readonly callsPerRequest: number;
  /** Lists may be sent at the same time; the records of one list are sent in order. */
  readonly lists: readonly (readonly string[])[];
  /** @param previous the answer to the record before in its list; undefined for the first one */
  body(record: string, previous: string | undefined): string;
}

/** A data set without an order of its own is split into lists of this length. */
const LIST = 40;

export async function loadApplications(): Promise<Application[]> {
  const [weather, earthquakes] = await Promise.all([readData('seattle-weather.csv'), readData('earthquakes.json')]);
  return [weatherApplication(weather), earthquakeApplication(earthquakes)];
}

/** Each day carries its month's statistics so far, from the answer to the day before. */
function weatherApplication(csv: string): Application {
  const [, ...days] = csv.trim().split('\n');
  const months = [...new Set(days.map(monthOf))].map((month) => days.filter((day) => monthOf(day) === month));
  return {
    name: 'weather',
    language: 'Python',
    tasks: ['ingest', 'validate', 'aggregate', 'alert'],
    records: 'daily weather records of Seattle, 2012 to 2015',
    callsPerRequest: 3,
    lists: months,
    body: (line, previous) => {
      const month: unknown = previous === undefined ? null : JSON.parse(previous).month;
      return JSON.stringify({ line, month });
    },
  };
}

const monthOf = (line: string): string => line.slice(0, 7);

function earthquakeApplication(geoJson: string): Application {
  const { features }: { features: unknown[] } = JSON.parse(geoJson);
  const records = features.map((feature) => JSON.stringify(feature));
  return {
    name: 'earthquakes',
    language: 'Node.js',
    tasks: ['parse', 'locate', 'energy', 'score', 'notify'],
    records: 'earthquakes of the world, one week of 2018 (USGS)',
    callsPerRequest: 4,
    lists: Array.from({ length: Math.ceil(records.length / LIST) }, (_, index) =>
      records.slice(index * LIST, (index + 1) * LIST),
    ),
    body: (record) => record,
  };
}

function readData(file: string): Promise<string> {
  return readFile(path.join(packageRoot(), 'node_modules', 'vega-datasets', 'data', file), 'utf8');
}
