/** Nuclio matches keys without regard to case (Go's encoding/json); these are the ones that we read ourselves. */
const KNOWN_KEYS = new Map(
  [
    'metadata spec name labels annotations runtime handler env value valueFrom build commands triggers kind disabled numWorkers maxWorkers',
    'workerAvailabilityTimeoutMilliseconds attributes resources limits requests minReplicas maxReplicas replicas eventTimeout',
    'readinessTimeoutSeconds disableDefaultHTTPTrigger',
  ]
    .join(' ')
    .split(' ')
    .map((key) => [key.toLowerCase(), key]),
);
/** Below these, keys are the user's own names. */
const FREE_KEYS = new Set(['labels', 'annotations', 'triggers', 'limits', 'requests', 'attributes']);

/** Where something is in a function.yaml: keys, and places in lists from 0. */
export type FieldPath = readonly string[];

/**
 * A copy with the keys that are known in their usual spelling.
 * @param tell hears of a key that is there in two spellings, of which the first is kept: which one counts, nobody could
 *   tell
 */
export function canonicalKeys(
  value: unknown,
  tell: (path: FieldPath, message: string) => void,
  path: FieldPath = [],
  free = false,
): unknown {
  if (Array.isArray(value)) return value.map((item, index) => canonicalKeys(item, tell, [...path, String(index)]));
  if (value === null || typeof value !== 'object') return value;
  const spellings = new Map<string, string>();
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const name = free ? key : (KNOWN_KEYS.get(key.toLowerCase()) ?? key);
    const other = spellings.get(name);
    if (other !== undefined) {
      tell([...path, key], `'${other}' and '${key}' are the same field: keep one`);
      return [];
    }
    spellings.set(name, key);
    return [
      [name, name === 'attributes' ? inner : canonicalKeys(inner, tell, [...path, key], !free && FREE_KEYS.has(name))],
    ];
  });
  return Object.fromEntries(entries);
}
