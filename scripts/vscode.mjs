// `npm run vscode`: opens VS Code with the extension and the examples. It uses the desktop VS Code if `code` is on
// PATH, otherwise one in the browser. `npm run vscode -- --browser` always uses the browser. Another argument is the
// folder to open instead of the examples.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installCodeServer } from './codeServer.mjs';
import { prepare } from './prepare.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const folder = path.resolve(
  process.argv.slice(2).find((argument) => !argument.startsWith('-')) ?? path.join(root, 'examples'),
);

prepare();
if (process.argv.includes('--browser') || !(await openDesktop())) await openInBrowser();

/** @returns false if there is no desktop VS Code, or if it failed */
function openDesktop() {
  return new Promise((resolve) => {
    // On Windows `code` is a .cmd file, which only a shell can start.
    const quoted = (text) => (windows ? `"${text}"` : text);
    const args = ['--new-window', quoted(`--extensionDevelopmentPath=${root}`), quoted(folder)];
    const child = spawn('code', args, { stdio: 'inherit', shell: windows });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** Runs code-server until Ctrl+C. Its settings and logs are removed when it ends. */
async function openInBrowser() {
  const entry = await installCodeServer();
  // The path has to be short: VS Code creates sockets in the folder.
  const dir = mkdtempSync(path.join(os.tmpdir(), 'vsc-'));
  const user = path.join(dir, 'data', 'User');
  mkdirSync(user, { recursive: true });
  writeFileSync(
    path.join(user, 'settings.json'),
    JSON.stringify({ 'workbench.startupEditor': 'none', 'telemetry.telemetryLevel': 'off' }),
  );
  writeFileSync(path.join(dir, 'config.yaml'), 'auth: none\ncert: false\n');
  const port = await freePort();
  const places = [
    '--config',
    path.join(dir, 'config.yaml'),
    '--user-data-dir',
    path.join(dir, 'data'),
    '--extensions-dir',
    path.join(dir, 'extensions'),
  ];
  const options = [
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--bind-addr',
    `127.0.0.1:${port}`,
  ];
  const env = { ...process.env, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir, PORT: '' };
  // It gets a process group of its own, so that on Ctrl+C we can end all of its processes.
  const server = spawn(process.execPath, [entry, ...places, ...options], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const end = () => endGroup(server.pid);
  process.once('SIGINT', end).once('SIGTERM', end).once('exit', end);
  server.once('close', () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  await untilItAnswers(server, port);
  const address = addressOf(port);
  console.log(`VS Code with the extension and ${folder}:\n\n  ${address}\n\nCtrl+C ends it.`);
  openBrowser(address);
}

function addressOf(port) {
  const development = `vscode-remote://127.0.0.1:${port}${pathToFileURL(root).pathname}`;
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set('folder', folder);
  url.searchParams.set('payload', JSON.stringify([['extensionDevelopmentPath', development]]));
  return url.href;
}

async function untilItAnswers(server, port) {
  while (server.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`code-server ended with ${server.exitCode} before it answered`);
}

/** Opens the address if there is a display. Otherwise the user opens it, perhaps on another machine. */
function openBrowser(address) {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  if (opener === 'xdg-open' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    // A failure does not matter: the address is printed.
    .on('error', () => {})
    .unref();
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
