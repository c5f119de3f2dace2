import { formatDuration } from '../../shared/format.ts';
import type { Answer, AnswerDetails, AnswerPart } from './answer.ts';
import { indentJson } from './jsonText.ts';

export interface ShownText {
  readonly text: string;
  /** A language that VS Code knows without other extensions. */
  readonly language: string;
  /** Whether the text differs from the body: it is indented, or a hex dump. */
  readonly changed: boolean;
  /** Bytes of the body that are not shown. */
  readonly left: number;
}

/** Bytes of a body that are shown: editors become slow beyond that. */
const SHOWN = 4 * 1024 * 1024;
const SHOWN_HEX = 64 * 1024;

const LANGUAGES: [type: RegExp, language: string][] = [
  [/^application\/(x-)?(ndjson|jsonl|json-seq)/, 'jsonl'],
  [/^application\/json|\+json/, 'json'],
  [/^text\/html|^application\/xhtml/, 'html'],
  [/^(text|application)\/xml|\+xml/, 'xml'],
  [/^text\/css/, 'css'],
  [/^(text|application)\/(x-)?javascript/, 'javascript'],
  [/^text\/markdown/, 'markdown'],
  [/^(text|application)\/(x-)?yaml/, 'yaml'],
];

/** The text of the answer's document. */
export function answerText(answer: Answer, part: AnswerPart): ShownText {
  const plain = (text: string, language: string): ShownText => ({ text, language, changed: false, left: 0 });
  switch (part) {
    case 'headers':
      return plain(headersText(answer), 'properties');
    case 'calls':
      return plain(callsText(answer.details), 'plaintext');
    case 'logs':
      return plain(logsText(answer.details), 'log');
    default:
      return bodyText(answer, part === 'raw');
  }
}

function bodyText({ headers, body }: Answer, raw: boolean): ShownText {
  const type = (headers['content-type'] ?? '').trim().toLowerCase();
  const text = decode(body.subarray(0, SHOWN), type);
  if (text === undefined) {
    return {
      text: hexDump(body.subarray(0, SHOWN_HEX)),
      language: 'plaintext',
      changed: true,
      left: Math.max(0, body.length - SHOWN_HEX),
    };
  }
  const left = Math.max(0, body.length - SHOWN);
  const language = LANGUAGES.find(([pattern]) => pattern.test(type))?.[1] ?? 'plaintext';
  // Handlers often answer with JSON without a content type that says so.
  const json = language === 'json' || (language === 'plaintext' && /^\s*[{[]/.test(text));
  // JSON with line breaks keeps its author's layout.
  const indented = json && left === 0 && !raw && !text.trim().includes('\n') ? indentJson(text) : undefined;
  if (indented === undefined || indented === text) return { text, language, changed: false, left };
  return { text: indented, language: 'json', changed: true, left };
}

/** Undefined for bytes that are not text. */
function decode(bytes: Uint8Array, type: string): string | undefined {
  const charset = /;\s*charset="?([\w-]+)/.exec(type)?.[1] ?? 'utf-8';
  try {
    // The cut may split a character: `stream` leaves out its first half.
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: bytes.length === SHOWN });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function headersText({ method, path, status, statusText, headers }: Answer): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => `${name}: ${one}`),
  );
  return [`# ${method} ${path}`, `# ${status} ${statusText}`, '', ...lines, ''].join('\n');
}

/** One line for each call, indented below its caller's. */
function callsText(details: AnswerDetails | undefined): string {
  const calls = details?.calls ?? [];
  const spans = new Set(calls.map(({ span }) => span));
  const lines: string[] = [];
  const add = (parent: string | null, depth: number): void => {
    for (const call of calls) {
      const below = call.parent !== null && spans.has(call.parent) ? call.parent : null;
      // A span that is its own parent would recurse.
      if (below !== parent || call.parent === call.span) continue;
      const how = call.caller === null ? [] : [call.local ? 'local' : 'remote'];
      const words = [
        call.callee,
        call.status,
        formatDuration(call.duration),
        ...how,
        ...(call.cold ? ['cold'] : []),
        call.group.join(' + '),
      ];
      lines.push(`${'  '.repeat(depth)}${words.join('  ')}`);
      if (depth < 100) add(call.span, depth + 1);
    }
  };
  add(null, 0);
  return lines.map((line) => `${line}\n`).join('');
}

function logsText(details: AnswerDetails | undefined): string {
  const lines = (details?.logs ?? []).map(({ time, level, message, with: fields, task, function: from, stream }) => {
    const extra = Object.entries(fields).map(
      ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const mark = stream === 'stderr' ? '[stderr] ' : '';
    const at = new Date(time).toISOString().replace('T', ' ').replace('Z', '');
    return `${at} [${level}] ${task ?? from ?? ''}: ${mark}${message.trimEnd()}${extra.join('')}\n`;
  });
  return lines.join('');
}

/** Bytes in a line of a hex dump. */
const HEX_WIDTH = 16;

/** Bytes as `hexdump -C` shows them: offset, bytes, ASCII characters. */
function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += HEX_WIDTH) {
    const row = [...bytes.subarray(offset, offset + HEX_WIDTH)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const columns = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`;
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${columns.padEnd(HEX_WIDTH * 3)}  |${text}|`);
  }
  return lines.join('\n');
}
