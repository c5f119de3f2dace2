import { l10n } from 'vscode';
import type { Setup } from '../../shared/setupApi.ts';
import type { Outcome } from './fusion.ts';

export const groupText = (names: readonly string[]): string => names.join(' + ');

/** Groups as people read them: `a + b | c`. */
export const setupText = (groups: Setup): string => groups.map(groupText).join(' | ');

/** The groups of two Tasks and more. */
export function fusedText(setup: Setup): string {
  const fused = setup.filter(({ length }) => length > 1);
  return fused.length === 0 ? l10n.t('all Tasks by themselves') : setupText(fused);
}

/** What a change will make, before it happens. */
export const outcomeText = ({ made, left }: Outcome): string =>
  left.length === 0
    ? l10n.t('Makes {0}', setupText(made))
    : l10n.t('Makes {0}; leaves {1}', setupText(made), setupText(left));
