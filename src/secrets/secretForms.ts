import { HEAD } from './replaceForms.ts';

/**
 * @returns the spellings in which a secret can appear in a text: as it is, in a string of JSON, Python or JavaScript,
 *   in an address, and in base64. Each line of a secret counts as well, because output is split into lines.
 */
export function formsOf(secret: string): Set<string> {
  // Replaces halves of surrogate pairs, which cannot be encoded.
  const value = Buffer.from(secret).toString();
  const forms = new Set([secret]);
  const lines = value.split('\n').flatMap((line) => (line.trim().length < HEAD ? [] : [line.trim()]));
  for (const text of new Set([value, ...lines])) {
    for (const form of [text, ...jsonForms(text), ...literalForms(text), ...addressForms(text)]) forms.add(form);
  }
  for (const form of base64Forms(value.trim())) forms.add(form);
  return forms;
}

/**
 * With and without `ensure_ascii`, and both once more inside a JSON string: JSON loggers write JSON bodies like that.
 */
function jsonForms(value: string): string[] {
  const json = inJson(value);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`);
  return [json, ascii, inJson(json), inJson(ascii)];
}

function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/**
 * The characters that literals escape: those that are not printable, those that are not ASCII, or control characters.
 */
const NOT_PRINTED = /[\\'"\p{C}]|(?! )\p{Z}/gu;
const NOT_ASCII = /[\\'"]|[^\x20-\x7e]/gu;
const CONTROL = /[\\'"\x00-\x1f\x7f-\x9f]/g;

/**
 * `repr` and `ascii` of Python's str, `repr` of its bytes, and `inspect` of Node.js. The text around the secret decides
 * which quote is escaped, so all of them are tried.
 */
function literalForms(value: string): string[] {
  const bytes = Buffer.from(value).toString('latin1');
  return ['', "'", '"'].flatMap((quote) => {
    const ofPython = [
      literal(value, quote, NOT_PRINTED, pythonCode),
      literal(value, quote, NOT_ASCII, pythonCode),
      literal(bytes, quote, NOT_ASCII, pythonCode),
    ];
    return [...ofPython, literal(value, quote, CONTROL, nodeCode)];
  });
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function literal(value: string, quote: string, special: RegExp, codeOf: (code: number) => string): string {
  return value.replace(special, (character) => {
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return SHORT[character] ?? codeOf(character.codePointAt(0) ?? 0);
  });
}

function pythonCode(code: number): string {
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function nodeCode(code: number): string {
  return { 8: '\\b', 12: '\\f' }[code] ?? `\\x${hex(code, 2).toUpperCase()}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/**
 * JavaScript's `encodeURIComponent` and `encodeURI`, Python's `quote` with and without its safe `/`, and the encoding
 * of forms, which uses `+` for a space.
 */
function addressForms(value: string): string[] {
  const component = encodeURIComponent(value);
  const strict = component.replace(/[!'()*]/g, (character) => `%${hex(character.charCodeAt(0), 2).toUpperCase()}`);
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  return [component, encodeURI(value), strict, strict.replaceAll('%2F', '/'), strict.replaceAll('%20', '+'), form];
}

/**
 * In both alphabets, alone (without the padding) and inside a longer text, like the password in `Authorization: Basic`.
 */
function base64Forms(value: string): string[] {
  const forms = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    // A character holds six bits. The first and the last ones also hold bits of the text around the secret.
    return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
  return [Buffer.from(value).toString('base64').replace(/=+$/, ''), ...forms].flatMap((form) => [
    form,
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}
