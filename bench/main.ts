import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FusionizerClient } from '../src/client/fusionizerClient.ts';
import { packageRoot } from '../src/shared/packageRoot.ts';
import { deployRows } from './deploy.ts';
import { extensionRows } from './extension.ts';
import { healthRows } from './health.ts';
import { invokeRows } from './invoke.ts';
import { localCallRows } from './localCall.ts';
import { startServer } from './processes.ts';
import { recordRows } from './record.ts';
import { refusionRow } from './refusion.ts';
import { printTable, type Row } from './table.ts';

/**
 * `npm run bench`: measures every figure and its floor in the same run, and shows them as a table with ratios and as
 * JSON (bench/results/<time>.json). Compare the ratios only: figures depend on the machine and the moment.
 */
const rows: Row[] = [];
const add = (more: Row[]): void => {
  rows.push(...more);
  for (const row of more) console.error(`  ${row.name}`);
};
console.error('measuring, four minutes ...');
add(localCallRows());
const server = await startServer();
try {
  const client = new FusionizerClient(server.url);
  add(await invokeRows(server.url, client));
  add(await deployRows(client));
  add(await refusionRow(server.url, client));
} finally {
  await server.stop();
}
add(await recordRows());
add(await healthRows());
add(await extensionRows());
printTable(rows);
const results = path.join(packageRoot(), 'bench', 'results');
mkdirSync(results, { recursive: true });
const file = path.join(results, `${new Date().toISOString().replaceAll(':', '-')}.json`);
writeFileSync(
  file,
  `${JSON.stringify({ node: process.version, cpus: os.cpus().map((cpu) => cpu.model), rows }, null, 2)}\n`,
);
console.log(`\nas JSON: ${path.relative(process.cwd(), file)}`);
