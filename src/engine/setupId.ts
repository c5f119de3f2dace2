import { createHash } from 'node:crypto';
import { normalForm } from '../shared/setup.ts';
import type { Setup } from '../shared/setupApi.ts';

/** A short name of a setup, for traces: two setups with one id mean the same. */
export const setupId = (setup: Setup): string =>
  createHash('sha256').update(normalForm(setup)).digest('hex').slice(0, 8);
