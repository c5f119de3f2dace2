import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Read lines, parse each as JSON and answer with JSON: the least work for a worker in that language. */
const WORKERS = {
  python: [
    'python3',
    '-u',
    '-c',
    'import sys, json\nfor line in sys.stdin.buffer:\n' +
      '    sys.stdout.buffer.write(json.dumps({"n": json.loads(line)["n"]}).encode() + b"\\n")\n' +
      '    sys.stdout.buffer.flush()',
  ],
  nodejs: [
    process.execPath,
    '-e',
    'process.stdin.on("data", (line) => process.stdout.write(JSON.stringify({ n: JSON.parse(line).n }) + "\\n"))',
  ],
} as const;

/**
 * The floor of an invocation: bare `node:http` and a pipe to a worker, with nothing between them. It runs as a process
 * of its own, prints its port, and ends when its stdin ends. Usage: floor.ts python|nodejs WORKERS
 */
async function main(runtime: keyof typeof WORKERS, count: number): Promise<void> {
  const [command, ...args] = WORKERS[runtime];
  const idle: ((body: Buffer, done: (answer: Buffer) => void) => void)[] = [];
  const waiting: (() => void)[] = [];
  const children = Array.from({ length: count }, () => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let done: (answer: Buffer) => void = () => {};
    const run = (body: Buffer, then: (answer: Buffer) => void): void => {
      done = then;
      child.stdin.write(Buffer.concat([body, Buffer.from('\n')]));
    };
    child.stdout.on('data', (answer: Buffer) => {
      idle.push(run);
      done(answer);
      waiting.shift()?.();
    });
    idle.push(run);
    return child;
  });
  const server = http.createServer((request, response) => {
    request.on('data', (body: Buffer) => {
      const start = (): void =>
        idle.shift()?.(body, (answer) =>
          response
            .writeHead(200, ['Content-Type', 'application/json', 'Content-Length', String(answer.length)])
            .end(answer),
        );
      if (idle.length > 0) start();
      else waiting.push(start);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log((server.address() as AddressInfo).port);
  await once(process.stdin.resume(), 'end');
  for (const child of children) child.kill();
  server.close();
  server.closeAllConnections();
}

await main(process.argv[2] === 'nodejs' ? 'nodejs' : 'python', Number(process.argv[3]));
