import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a module for `node --require` that leads connections to port 8000 elsewhere, and finds the port in use when it
 * is to be listened on. So a test needs not have the machine's own port 8000, which may be anybody's.
 * @param port where connections go
 * @returns the variables for a process
 */
export async function withPort8000(dir: string, port: string | number): Promise<Record<string, string>> {
  const file = path.join(dir, `port8000-${port}.cjs`);
  await writeFile(
    file,
    `const net = require('node:net');
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  if (Number(options?.port) === 8000) options.port = ${port};
  return connect.apply(this, args);
};
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (port, ...others) {
  if (port !== 8000) return listen.call(this, port, ...others);
  process.nextTick(() => this.emit('error', Object.assign(new Error('in use'), { code: 'EADDRINUSE' })));
  return this;
};
`,
  );
  return { NODE_OPTIONS: `--require ${JSON.stringify(file)}` };
}
