import { l10n } from 'vscode';
import { formatDuration } from '../../shared/format.ts';
import type { Numbers } from './callNumbers.ts';

/**
 * `12 calls · 3.1 ms · 40 % remote`. The share is of the calls from other Tasks; without any, there is none.
 * @returns undefined before the first call
 */
export function callWords({ calls, localCalls, remoteCalls, p50 }: Numbers): string | undefined {
  if (calls === 0) return undefined;
  const inner = localCalls + remoteCalls;
  return [
    calls === 1 ? l10n.t('1 call') : l10n.t('{0} calls', calls.toLocaleString()),
    ...(p50 === null ? [] : [l10n.t('median {0}', formatDuration(p50))]),
    ...(inner === 0 ? [] : [l10n.t('{0} % remote', Math.round((100 * remoteCalls) / inner))]),
  ].join(' · ');
}
