import { NUCLIO_DEFAULTS } from './nuclioDefaults.ts';
import { parseQuantity } from './quantity.ts';

/** The most bytes that an http trigger takes as a request's body. */
export function maxBodyOf(trigger: { readonly attributes?: Record<string, unknown> | undefined } | undefined): number {
  const given = trigger?.attributes?.['maxRequestBodySize'];
  const limit = typeof given === 'number' || typeof given === 'string' ? parseQuantity(given) : undefined;
  return limit || NUCLIO_DEFAULTS.sizes.maxRequestBodySize;
}
