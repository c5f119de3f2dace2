'use strict';

const { execFileSync } = require('node:child_process');
const net = require('node:net');
const { workerData } = require('node:worker_threads');

const lifeline = new net.Socket({ fd: workerData.fd, readable: true, writable: false });
lifeline.on('close', endGroup);
// A broken pipe is followed by 'close', which is handled above.
lifeline.on('error', () => {});
lifeline.resume();

function endGroup() {
  if (process.platform === 'win32') {
    execFileSync('taskkill', ['/PID', String(process.pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // A worker that was started by hand does not lead a group.
    process.kill(process.pid, 'SIGKILL');
  }
}
