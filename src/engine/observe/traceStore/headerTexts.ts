import { isSecretName } from '../../../shared/secretNames.ts';

/** The value of a header or a field whose name says that it is a secret. */
export const MASKED = '***';
/** Headers that hold secrets, besides those whose names show it. */
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-nuclio-logs']);
/** Of Nuclio's own headers, the only one that says nothing about an installation. */
const OPEN_NUCLIO = 'x-nuclio-log-level';
/** Names that are remembered; a client may send any. */
const REMEMBERED = 1000;

const known = new Map<string, boolean>();

/** Whether a header's value is not recorded, by its name. */
export function isSecretHeader(name: string): boolean {
  let secret = known.get(name);
  if (secret === undefined) {
    const lower = name.toLowerCase();
    secret =
      SECRET_HEADERS.has(lower) || (lower.startsWith('x-nuclio-') && lower !== OPEN_NUCLIO) || isSecretName(lower);
    if (known.size >= REMEMBERED) known.clear();
    known.set(name, secret);
  }
  return secret;
}

export interface HeaderText {
  /** A JSON array: names and values alternate. */
  readonly text: string;
  readonly masked: boolean;
}

/** Headers as JSON, without secrets. Clients send the same ones again and again, so the newest are remembered. */
export class HeaderTexts {
  #last: readonly string[] = [];
  #text: HeaderText = { text: '[]', masked: false };

  /**
   * @param pairs names and values alternate
   * @param from where those begin that are recorded
   */
  of(pairs: readonly string[], from: number): HeaderText {
    if (this.#isLast(pairs, from)) return this.#text;
    const given = pairs.slice(from);
    const shown = given.map((text, index) =>
      index % 2 === 1 && isSecretHeader(given[index - 1] ?? '') ? MASKED : text,
    );
    this.#last = given;
    this.#text = { text: JSON.stringify(shown), masked: shown.some((text, index) => text !== given[index]) };
    return this.#text;
  }

  #isLast(pairs: readonly string[], from: number): boolean {
    const last = this.#last;
    if (pairs.length - from !== last.length) return false;
    // Values that change, such as Date, are behind those that do not.
    for (let index = last.length - 1; index >= 0; index -= 1) if (pairs[from + index] !== last[index]) return false;
    return true;
  }
}

/** A path whose query has the values of secret fields masked: `/find?api_key=***&n=3`. */
export function maskedPath(target: string): string {
  const query = target.indexOf('?');
  const fields = target.slice(query + 1).split('&');
  const shown = fields.map((field) => {
    const end = field.indexOf('=');
    return end > 0 && isSecretName(decoded(field.slice(0, end))) ? `${field.slice(0, end)}=${MASKED}` : field;
  });
  return `${target.slice(0, query)}?${shown.join('&')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded: the name is as it stands.
    return text;
  }
}
