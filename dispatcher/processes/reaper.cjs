// Ends what a server's Tasks and build commands started and that left its process group (setsid), when the server is gone. Linux only.
// Usage: node reaper.cjs MARK; all these processes have FUSIONIZER_RUN=MARK in their environment; stdin is a pipe that closes with the server.
'use strict';
const fs = require('node:fs');

const entry = Buffer.from(`FUSIONIZER_RUN=${process.argv[2]}`);
/** Processes may start others while they are ended: it is over when several looks in a row find none. */
const QUIET_LOOKS = 3;
const BETWEEN_LOOKS = 100;

process.stdin
  .on('end', () => sweep(0))
  .on('error', () => sweep(0))
  .resume();

function sweep(quiet) {
  if (quiet === QUIET_LOOKS) process.exit(0);
  const found = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMarked(name));
  for (const pid of found) end(Number(pid));
  setTimeout(() => sweep(found.length > 0 ? 0 : quiet + 1), BETWEEN_LOOKS);
}

function isMarked(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`).includes(entry);
  } catch (error) {
    // It ended meanwhile, or is another user's.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
