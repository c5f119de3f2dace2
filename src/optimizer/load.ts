import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import type { Optimizer } from './optimizer.ts';

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
    throw new FusionizerError('option', `The optimizer ${file} cannot be loaded: ${messageOf(cause)}`, { cause });
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
