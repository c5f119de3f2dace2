import { indentJson } from '../../client/payload/jsonText.ts';
import { formatDuration } from '../../shared/format.ts';
import { recordLine } from '../logs/recordLine.ts';
import { type Answer, type AnswerDetails, type AnswerPart, reasonOf } from './answer.ts';
import { decodeText } from './decodeText.ts';

export interface ShownText {
  readonly text: string;
  /** A language of this extension. */
  readonly language: string;
  /** Whether the text differs from the body: it is indented, or a hex dump. */
  readonly changed: boolean;
  /** Bytes of the body that are not shown. */
  readonly left: number;
}

/**
 * Languages of the extension, which have settings of their own: none needs line numbers, and long lines wrap. Those of
 * other texts are coloured as the languages after which they are named.
 */
export const TEXT = 'fusionizer-text';
const LOG = 'fusionizer-log';
/** Tables do not wrap. */
const TABLE = 'fusionizer-table';

/** Bytes of a body that are shown: editors become slow beyond that. */
const SHOWN = 4 * 1024 * 1024;
const SHOWN_HEX = 64 * 1024;

const JSON_TEXT = 'fusionizer-json';
const LANGUAGES: [type: RegExp, language: string][] = [
  [/^application\/(x-)?(ndjson|jsonl|json-seq)/, 'fusionizer-jsonl'],
  [/^application\/json|\+json/, JSON_TEXT],
  [/^text\/html|^application\/xhtml/, 'fusionizer-html'],
  [/^(text|application)\/xml|\+xml/, 'fusionizer-xml'],
  [/^text\/css/, 'fusionizer-css'],
  [/^(text|application)\/(x-)?javascript/, 'fusionizer-javascript'],
  [/^text\/markdown/, 'fusionizer-markdown'],
  [/^(text|application)\/(x-)?yaml/, 'fusionizer-yaml'],
];

/** The text of the answer's document. */
export function answerText(answer: Answer, part: AnswerPart): ShownText {
  const plain = (text: string, language: string): ShownText => ({ text, language, changed: false, left: 0 });
  switch (part) {
    case 'headers':
      return plain(headersText(answer), 'fusionizer-properties');
    case 'calls':
      return plain(callsText(answer.details), TABLE);
    case 'logs':
      return plain(logsText(answer.details), LOG);
    default:
      return bodyText(answer, part === 'raw');
  }
}

function bodyText({ headers, body }: Answer, raw: boolean): ShownText {
  const type = (headers['content-type'] ?? '').trim().toLowerCase();
  const text = decodeText(body.subarray(0, SHOWN), type, body.length >= SHOWN);
  if (text === undefined) {
    return {
      text: hexDump(body.subarray(0, SHOWN_HEX)),
      language: TABLE,
      changed: true,
      left: Math.max(0, body.length - SHOWN_HEX),
    };
  }
  const left = Math.max(0, body.length - SHOWN);
  const language = LANGUAGES.find(([pattern]) => pattern.test(type))?.[1] ?? TEXT;
  // Handlers often answer with JSON without a content type that says so.
  const json = language === JSON_TEXT || (language === TEXT && /^\s*[{[]/.test(text));
  // JSON with line breaks keeps its author's layout.
  const indented = json && left === 0 && !raw && !text.trim().includes('\n') ? indentJson(text) : undefined;
  if (indented === undefined || indented === text) return { text, language, changed: false, left };
  return { text: indented, language: JSON_TEXT, changed: true, left };
}

function headersText({ method, path, status, statusText, headers }: Answer): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => `${name}: ${one}`),
  );
  return [`# ${method} ${path}`, `# ${reasonOf(status, statusText)}`, '', ...lines, ''].join('\n');
}

const CALL_HEAD = ['Task', 'status', 'time', 'call', 'start', 'Fusion Group'];

/** One line for each call, indented below its caller's, with aligned columns. */
function callsText(details: AnswerDetails | undefined): string {
  const calls = details?.calls ?? [];
  const spans = new Set(calls.map(({ span }) => span));
  const rows: string[][] = [];
  const add = (parent: string | null, depth: number): void => {
    for (const call of calls) {
      const below = call.parent !== null && spans.has(call.parent) ? call.parent : null;
      // A span that is its own parent would recurse.
      if (below !== parent || call.parent === call.span) continue;
      rows.push([
        `${'  '.repeat(depth)}${call.callee}`,
        String(call.status),
        formatDuration(call.duration),
        call.caller === null ? '' : call.local ? 'local' : 'remote',
        call.cold ? 'cold' : '',
        call.group.join(' + '),
      ]);
      if (depth < 100) add(call.span, depth + 1);
    }
  };
  add(null, 0);
  return rows.length === 0 ? '' : table([CALL_HEAD, ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

const logsText = (details: AnswerDetails | undefined): string =>
  (details?.logs ?? []).map((record) => `${recordLine(record, { task: true })}\n`).join('');

/** Bytes in a line of a hex dump. */
const HEX_WIDTH = 16;

/** Bytes as `hexdump -C` shows them: offset, bytes, ASCII characters, each below its head. */
function hexDump(bytes: Uint8Array): string {
  const numbers = Uint8Array.from({ length: HEX_WIDTH }, (_, index) => index);
  const lines = [`${'offset'.padEnd(8)}  ${hexColumns(numbers)}  |ASCII|`];
  for (let offset = 0; offset < bytes.length; offset += HEX_WIDTH) {
    const row = bytes.subarray(offset, offset + HEX_WIDTH);
    const text = [...row].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hexColumns(row)}  |${text}|`);
  }
  return lines.join('\n');
}

function hexColumns(row: Uint8Array): string {
  const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0'));
  return `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(HEX_WIDTH * 3);
}
