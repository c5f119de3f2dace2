import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A runtime that this machine can run. */
export interface RuntimeHere {
  readonly name: string;
  /** The program, if there is one of its own. */
  readonly place: string;
}

/** The oldest minor version of Python 3 that runs Tasks. */
const OLDEST = 9;

/**
 * The runtimes that this machine can run, by the names of the programs on PATH: nothing is started.
 * @param python the program that a setting names; without one, python3 or python
 */
export async function runtimesHere(searched: string, python: string | undefined): Promise<RuntimeHere[]> {
  const versions = new Map<number, string>();
  let found = python;
  for (const dir of searched.split(path.delimiter).filter((one) => one !== '')) {
    const names = await readdir(dir).catch((): string[] => []);
    for (const name of names) {
      const minor = Number(/^python3\.(\d+)(?:\.exe)?$/.exec(name)?.[1] ?? -1);
      if (minor >= OLDEST && !versions.has(minor)) versions.set(minor, path.join(dir, name));
      if (/^python3?(?:\.exe)?$/.test(name)) found ??= path.join(dir, name);
    }
  }
  const sorted = [...versions].sort(([one], [other]) => other - one);
  return [
    ...(found === undefined && sorted.length === 0 ? [] : [{ name: 'python', place: found ?? sorted[0]?.[1] ?? '' }]),
    ...sorted.map(([minor, place]) => ({ name: `python:3.${minor}`, place })),
    // Node.js is what runs the server.
    { name: 'nodejs', place: '' },
  ];
}
