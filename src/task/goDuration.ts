const DURATION_UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A Go duration ("1m30s") in milliseconds; undefined if the text is not one. */
export function parseGoDuration(text: string): number | undefined {
  if (!/^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g))
    total += Number(amount) * (DURATION_UNITS[unit ?? ''] ?? 0);
  return total;
}

/** Why a text cannot be `spec.eventTimeout`; undefined if it can, or is not set. */
export function timeoutFault(text: string | undefined, task?: string): string | undefined {
  if (!text || (parseGoDuration(text) ?? 0) > 0) return undefined;
  const owner = task === undefined ? '' : ` of Task '${task}'`;
  return `spec.eventTimeout '${text}'${owner} is not a duration above zero, such as 30s or 1m30s`;
}
