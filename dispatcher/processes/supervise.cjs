// Runs one build command in a shell, and ends it with all that it started when the server is gone. Usage: node
// supervise.cjs COMMAND [WORD...], as the leader of a process group of its own; file descriptor 3 is a pipe that closes
// with the server. The words are a program that runs the command, its last argument, in place of the shell.
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const net = require('node:net');

const [command, program, ...words] = process.argv.slice(2);
const stdio = ['ignore', 'inherit', 'inherit'];
const child =
  program === undefined ? spawn(command, { shell: true, stdio }) : spawn(program, [...words, command], { stdio });
const lifeline = new net.Socket({ fd: 3 });
lifeline.on('error', end).on('end', end).resume();
child.on('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on('exit', (code) => process.exit(code ?? 1));

function end() {
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(process.pid), '/T', '/F']);
  else process.kill(-process.pid, 'SIGKILL');
}
