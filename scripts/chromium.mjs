// Finds the Chromium that the tests in a browser, and in VS Code's window, use.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * By the variable CHROMIUM, or on PATH.
 * @throws Error that says how to install one
 */
export function findChromium() {
  const named = process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates =
    named === undefined ? folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))) : [named];
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    `These tests need a real Chromium, and ${named === undefined ? 'none is on PATH' : `CHROMIUM=${named} is none`}: apt-get install chromium, or set CHROMIUM to its path`,
  );
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not this one.
    return false;
  }
}
