// Finds the Chromium for the tests in a browser and in VS Code's window.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Finds it by the variable CHROMIUM, or on PATH.
 * @throws Error that explains how to install one
 */
export function findChromium() {
  const named = process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates =
    named === undefined ? folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))) : [named];
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  const why = named === undefined ? 'there is none on PATH' : `CHROMIUM=${named} is not a program`;
  throw new Error(
    `These tests need a real Chromium, but ${why}: apt-get install chromium, or set CHROMIUM to its path`,
  );
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // It does not exist, or is not executable.
    return false;
  }
}
