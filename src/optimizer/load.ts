import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import type { Optimizer } from './optimizer.ts';

/** How long Node.js may take to find a syntax error, in milliseconds. */
const CHECK_TIME = 5000;

/**
 * Loads a user's optimizer: an ES or CommonJS module whose default export (`module.exports`) is an Optimizer or a
 * function that returns one.
 * @throws FusionizerError `option` that says what is missing
 */
export async function loadOptimizer(file: string): Promise<Optimizer> {
  const full = path.resolve(file);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(full).href);
  } catch (cause) {
    throw new FusionizerError('option', notLoaded(file, full, cause), { cause });
  }
  const exported = unwrap(module.default);
  const optimizer: unknown = typeof exported === 'function' ? await exported() : exported;
  if (isOptimizer(optimizer)) return optimizer;
  throw new FusionizerError(
    'option',
    `The optimizer ${file} must export by default an object with a name and an async generator setups(view), or a ` +
      'function that returns one; see docs/optimizers.md',
  );
}

/**
 * Why a module cannot be loaded, without the file of ours that imports it: Node.js names it as the one at fault.
 * @param full its absolute path
 */
function notLoaded(file: string, full: string, cause: unknown): string {
  if (!existsSync(full)) return `The optimizer ${file} does not exist (${full})`;
  if (isDirectory(full)) return `The optimizer ${file} is a folder: name the module in it`;
  const why = messageOf(cause).replace(/ imported from .*$/s, '');
  const line = cause instanceof SyntaxError ? syntaxErrorLine(full) : undefined;
  return `The optimizer ${line === undefined ? file : `${file}:${line}`} cannot be loaded: ${why}`;
}

/** The line of a syntax error, which the error of an import does not have; undefined if it is in another module. */
function syntaxErrorLine(full: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, ['--check', full], { encoding: 'utf8', timeout: CHECK_TIME });
  return /^.*:(\d+)$/m.exec(stderr)?.[1];
}

const isDirectory = (file: string): boolean => statSync(file).isDirectory();

/** A module that a compiler made CommonJS has its default export in `exports.default`. */
function unwrap(exported: unknown): unknown {
  const compiled =
    typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported;
  return compiled ? exported.default : exported;
}

function isOptimizer(value: unknown): value is Optimizer {
  if (typeof value !== 'object' || value === null) return false;
  return 'name' in value && typeof value.name === 'string' && 'setups' in value && typeof value.setups === 'function';
}
