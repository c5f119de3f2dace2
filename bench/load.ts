import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

export interface LoadResult {
  /** In milliseconds. */
  median: number;
  perSecond: number;
  failures: number;
  tool: 'wrk' | 'node';
}

export const BODY = JSON.stringify({ city: 'Seattle', temp: 12.5, n: 3 });

const wrk = spawnSync('wrk', ['--version']).error === undefined;

/**
 * POSTs small JSON over `connections` connections. It uses wrk if it is installed, otherwise a slower client in this
 * process, which shares the cores.
 */
export async function load(url: string, connections: number, seconds: number): Promise<LoadResult> {
  return wrk ? byWrk(url, connections, seconds) : byNode(url, connections, seconds);
}

function byWrk(url: string, connections: number, seconds: number): LoadResult {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'fusionizer-bench-'));
  try {
    const script = path.join(dir, 'post.lua');
    writeFileSync(
      script,
      `wrk.method = "POST"\nwrk.body = '${BODY}'\nwrk.headers["Content-Type"] = "application/json"\n` +
        `done = function(summary, latency)\n  local e = summary.errors\n` +
        `  io.write(string.format("RESULT %f %f %d\\n", latency:percentile(50) / 1000,` +
        ` summary.requests / (summary.duration / 1e6), e.connect + e.read + e.write + e.status + e.timeout))\nend\n`,
    );
    const { stdout, stderr } = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url], {
      encoding: 'utf8',
    });
    const [, median, perSecond, failures] = /RESULT (\S+) (\S+) (\d+)/.exec(stdout) ?? [];
    if (median === undefined) throw new Error(`wrk printed no result: ${stdout}${stderr}`);
    return { median: Number(median), perSecond: Number(perSecond), failures: Number(failures), tool: 'wrk' };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function byNode(url: string, connections: number, seconds: number): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let failures = 0;
  const end = performance.now() + seconds * 1000;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(BODY) };
      const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
        if (response.statusCode !== 200) failures += 1;
        response.resume().on('end', resolve);
      });
      request.on('error', reject).end(BODY);
    });
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const began = performance.now();
        await one();
        times.push(performance.now() - began);
      }
    }),
  );
  agent.destroy();
  return { median: median(times), perSecond: times.length / seconds, failures, tool: 'node' };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
