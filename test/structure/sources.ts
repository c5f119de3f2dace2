import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file of the project with its text. Paths are relative to the repository's root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

const SOURCE = /\.(ts|tsx|js|mjs|cjs|py|css)$/;
/** Recorded answers, and code that is sent as it is: its lines are data. */
const DATA = /^test\/fixtures\//;

/** The sources that git knows, and those that it would take in. */
export function sourceFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  return listed
    .split('\n')
    .filter((file) => SOURCE.test(file) && !DATA.test(file) && existsSync(file))
    .map((file) => ({ path: file, lines: readFileSync(file, 'utf8').replace(/\n$/, '').split('\n') }));
}

/** Static and dynamic imports, and `require`, of files of the project. */
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](\.{1,2}\/[^'"]+|\.{1,2})['"]/g;
/** `from .calls import call`, `from . import names`. */
const PYTHON_IMPORT = /^\s*from \.(\w*) import ([\w, ]+)/gm;

/** The files that each file imports, types included. */
export function importsOf(files: readonly SourceFile[]): Map<string, string[]> {
  const known = new Set(files.map((file) => file.path));
  return new Map(
    files.map(({ path: file, lines }) => {
      const text = lines.filter((line) => !/^\s*(\*|\/\/)/.test(line)).join('\n');
      const folder = path.posix.dirname(file);
      const named = file.endsWith('.py')
        ? [...text.matchAll(PYTHON_IMPORT)].flatMap(([, module = '', names = '']) =>
            module === '' ? names.split(',').map((name) => `./${name.trim()}.py`) : [`./${module}.py`],
          )
        : [...text.matchAll(IMPORT)].map(([, specifier = '']) => specifier);
      const targets = named.flatMap((specifier) => {
        const target = path.posix.join(folder, specifier);
        return [target, `${target}.js`, `${target}/index.js`].find((one) => known.has(one)) ?? [];
      });
      return [file, targets] as const;
    }),
  );
}

/** The circles of a graph, each once, as a path from file to file that ends where it began. */
export function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]): void => {
    const index = above.indexOf(file);
    if (index >= 0) circles.push([...above.slice(index), file]);
    if (index >= 0 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...above, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}
