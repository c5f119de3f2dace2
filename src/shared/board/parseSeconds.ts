const MOST = 999_999_999;
const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, min: 60, h: 3600 };

/**
 * The seconds that a person means by `90`, `90s`, `2m`, `1h`, `1:30` or `1:00:00`.
 * @returns undefined for anything else, and beyond 999999999
 */
export function parseSeconds(text: string): number | undefined {
  const written = text.trim().toLowerCase();
  const [, amount, unit = ''] = /^(\d{1,12}) ?([a-z]*)$/.exec(written) ?? [];
  const factor = UNITS[unit];
  if (amount !== undefined && factor !== undefined) return bounded(Number(amount) * factor);
  const [, first, second, third] = /^(\d{1,9}):([0-5]\d)(?::([0-5]\d))?$/.exec(written) ?? [];
  if (first === undefined || second === undefined) return undefined;
  const minutes = Number(first) * 60 + Number(second);
  return bounded(third === undefined ? minutes : minutes * 60 + Number(third));
}

const bounded = (seconds: number): number | undefined => (seconds <= MOST ? seconds : undefined);
