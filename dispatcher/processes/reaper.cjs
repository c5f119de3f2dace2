// Ends what a server's Tasks and build commands started and that left its process group (setsid), when the server is
// gone. Linux only. Usage: node reaper.cjs MARK. All these processes have FUSIONIZER_RUN=MARK in their environment.
// stdin is a pipe that closes with the server; a server that ends in good order writes to it first.
'use strict';
const fs = require('node:fs');

const entry = Buffer.from(`FUSIONIZER_RUN=${process.argv[2]}`);
/** Processes may start others while they are ended, so several looks in a row have to find none. */
const QUIET_LOOKS = 3;
const BETWEEN_LOOKS = 100;
/** A server that ends in good order has ended these processes itself: then one look is enough. */
let wanted = QUIET_LOOKS;

process.stdin
  .on('data', () => {
    wanted = 1;
  })
  .on('end', () => sweep(0))
  .on('error', () => sweep(0));

function sweep(quietBefore) {
  const found = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMarked(name));
  for (const pid of found) end(Number(pid));
  const quiet = found.length > 0 ? 0 : quietBefore + 1;
  if (quiet >= wanted) process.exit(0);
  setTimeout(() => sweep(quiet), BETWEEN_LOOKS);
}

function isMarked(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`).includes(entry);
  } catch (error) {
    // It has ended meanwhile, or is another user's.
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
