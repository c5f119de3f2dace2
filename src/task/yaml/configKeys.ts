/** The keys that are read here. Case does not matter: Nuclio decodes them with Go's encoding/json, which ignores it. */
const KNOWN_KEYS = new Map(
  [
    'metadata spec name labels annotations runtime handler env value valueFrom build commands triggers kind disabled',
    'numWorkers maxWorkers workerAvailabilityTimeoutMilliseconds attributes resources limits requests minReplicas',
    'maxReplicas replicas eventTimeout readinessTimeoutSeconds disableDefaultHTTPTrigger',
  ]
    .join(' ')
    .split(' ')
    .map((key) => [key.toLowerCase(), key]),
);
/** The keys below these are names that the user chooses. */
const FREE_KEYS = new Set(['labels', 'annotations', 'triggers', 'limits', 'requests', 'attributes']);

/** The place of a field in a function.yaml: keys, and indexes in lists from 0. */
export type FieldPath = readonly string[];

/**
 * Returns a copy in which the known keys have their usual spelling.
 * @param report is called for a key that appears in two spellings. The first one is kept, but its author may mean the
 *   other one.
 */
export function canonicalKeys(
  value: unknown,
  report: (path: FieldPath, message: string) => void,
  path: FieldPath = [],
  free = false,
): unknown {
  if (Array.isArray(value)) return value.map((item, index) => canonicalKeys(item, report, [...path, String(index)]));
  if (value === null || typeof value !== 'object') return value;
  const spellings = new Map<string, string>();
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const name = free ? key : (KNOWN_KEYS.get(key.toLowerCase()) ?? key);
    const other = spellings.get(name);
    if (other !== undefined) {
      report([...path, key], `'${other}' and '${key}' are the same field: keep one of them`);
      return [];
    }
    spellings.set(name, key);
    if (name === 'attributes') return [[name, inner]];
    return [[name, canonicalKeys(inner, report, [...path, key], !free && FREE_KEYS.has(name))]];
  });
  return Object.fromEntries(entries);
}
