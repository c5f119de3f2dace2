import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../src/shared/packageRoot.ts';
import type { Row } from './table.ts';

const figures = z.object({
  floor_us: z.number(),
  local_us: z.number(),
  documented_floor_us: z.number(),
  documented_us: z.number(),
  requests_adapter_us: z.number().nullish(),
});

function measure(command: string, script: string): z.infer<typeof figures> {
  const result = spawnSync(command, [path.join(packageRoot(), 'bench', script)], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${script}: ${result.error?.message ?? result.stderr}`);
  return figures.parse(JSON.parse(result.stdout));
}

/** Measures a call from Task to Task in one function, with small JSON both ways. */
export function localCallRows(): Row[] {
  const python = measure('python3', 'local_call.py');
  const node = measure(process.execPath, 'local_call.js');
  const goal = (floor: number, value: number, limit: number): NonNullable<Row['goal']> => ({
    text: limit > 0 ? `2 x floor, or ${limit} us` : '2 x floor',
    met: value <= 2 * floor || value <= limit,
  });
  const rows: Row[] = [
    {
      name: 'local call, Python',
      unit: 'us',
      value: python.local_us,
      floor: { what: 'JSON round trip and a direct call', value: python.floor_us },
      goal: goal(python.floor_us, python.local_us, 7),
    },
    {
      name: 'local call, Node.js',
      unit: 'us',
      value: node.local_us,
      floor: { what: 'JSON round trips, a Buffer and a direct call', value: node.floor_us },
      goal: goal(node.floor_us, node.local_us, 0),
    },
    {
      name: 'local call, Python, with headers, to port 8000, its text read',
      unit: 'us',
      value: python.documented_us,
      floor: { what: 'JSON round trip and a direct call', value: python.documented_floor_us },
      goal: goal(python.documented_floor_us, python.documented_us, 0),
    },
    {
      name: 'local call, Node.js, with headers, to port 8000, its text read',
      unit: 'us',
      value: node.documented_us,
      floor: { what: 'JSON round trips, a Buffer and a direct call', value: node.documented_floor_us },
      goal: goal(node.documented_floor_us, node.documented_us, 0),
    },
  ];
  if (typeof python.requests_adapter_us === 'number') {
    rows.push({
      name: 'local call, Python, compared with a requests.Session',
      unit: 'us',
      value: python.local_us,
      floor: { what: 'requests.Session with an adapter, as in the original', value: python.requests_adapter_us },
      goal: { text: '35 times cheaper', met: python.requests_adapter_us / python.local_us >= 35 },
    });
  }
  return rows;
}
