import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Stands for any class, function and value of the editor's API, as far as modules use them while they load. */
const LOAD = `
const Module = require('node:module');
const get = (target, name) => (name === 'prototype' ? target.prototype : anything);
const anything = new Proxy(function () {}, { get });
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? anything : load(name, ...rest));
require(process.argv[1]);
const { statSync } = require('node:fs');
process.stdout.write(JSON.stringify(Object.keys(require.cache).map((file) => [file, statSync(file).size])));
`;

/**
 * The files of the bundle that are loaded with its entry, before anything is used.
 * @param entry extension.cjs
 * @returns sizes in bytes by the files' names
 */
export function loadedFiles(entry: string): ReadonlyMap<string, number> {
  const loaded: [file: string, size: number][] = JSON.parse(
    execFileSync(process.execPath, ['-e', LOAD, entry], { encoding: 'utf8' }),
  );
  return new Map(loaded.map(([file, size]) => [path.basename(file), size]));
}

/** The size of all these files together, in KiB. */
export const kibOf = (files: ReadonlyMap<string, number>): number =>
  [...files.values()].reduce((sum, size) => sum + size, 0) / 1024;
