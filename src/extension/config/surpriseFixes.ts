import type { Span } from '../../task/yaml/yamlPlaces.ts';
import type { ConfigText } from './configDocument.ts';
import type { Fix } from './configProblem.ts';

/**
 * Puts a value or key in quotes that Nuclio reads otherwise than it looks, as `yes` or `1.10`.
 * @param message of the warning, which says so
 */
export function surpriseFixes(text: ConfigText, span: Span, message: string): Fix[] {
  if (!/: put it in quotes\b/.test(message)) return [];
  return [{ kind: 'replace', text: JSON.stringify(text.text.slice(...span)), as: 'quoted', at: text.placeOf(span) }];
}
