import { NUCLIO_DEFAULTS } from './nuclioDefaults.ts';

/**
 * Kubernetes' quantities: "128Mi", "500m", "2".
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
const SUFFIX: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value of a quantity (in bytes or cores); NaN if it is malformed. */
export function parseQuantity(quantity: string | number): number {
  const [, amount, suffix] = /^([0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  return amount === undefined ? Number.NaN : Number(amount) * (SUFFIX[suffix ?? ''] ?? Number.NaN);
}

/** The sum as a quantity: in the common unit if there is one, otherwise in whole bytes. */
export function sumQuantities(one: string | number, other: string | number): string {
  const units = [one, other].map((quantity) => /[a-zA-Z]*$/.exec(String(quantity))?.[0] ?? '');
  const [unit] = units;
  if (unit !== undefined && units.every((each) => each === unit)) {
    return `${Number.parseFloat(String(one)) + Number.parseFloat(String(other))}${unit}`;
  }
  return String(Math.ceil(parseQuantity(one) + parseQuantity(other)));
}

/** The most bytes that an http trigger takes as a request's body. */
export function maxBodyOf(trigger: { readonly attributes?: Record<string, unknown> | undefined } | undefined): number {
  const given = trigger?.attributes?.['maxRequestBodySize'];
  const limit = typeof given === 'number' || typeof given === 'string' ? parseQuantity(given) : undefined;
  return limit || NUCLIO_DEFAULTS.sizes.maxRequestBodySize;
}
