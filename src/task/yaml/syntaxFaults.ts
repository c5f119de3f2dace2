import { type Document, isCollection, isScalar, type Node, visit, type YAMLParseError } from 'yaml';
import { LineTexts } from './lineTexts.ts';
import type { Span } from './yamlPlaces.ts';

/** A fault for which a text is not YAML. */
export interface SyntaxFault {
  readonly span: Span;
  /** What is wrong and what to do, in plain words. */
  readonly message: string;
}

/** How much of a line a message quotes, in characters. */
const MAX_QUOTED = 40;

/** How many errors of the parser are explained. */
const MOST = 20;

/** The faults of a text that is not YAML: the first one of each line, as the parser reports some twice. */
export function syntaxFaults(text: string, document: Document): SyntaxFault[] {
  const errors = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY' && code !== 'MULTIPLE_DOCS');
  if (errors.length === 0) return [];
  const lines = new LineTexts(text);
  const faults = new Map<number, SyntaxFault>();
  for (const error of errors.slice(0, MOST)) {
    const fault = explain(error, document, lines);
    const line = lines.at(fault.span[0]);
    if (!faults.has(line)) faults.set(line, fault);
  }
  return [...faults.values()];
}

/** @param sign a backslash and a letter */
export const unknownEscape = (sign: string): string =>
  `${sign} means nothing in double quotes: use single quotes, or two backslashes`;

function explain(
  { code, message, pos: [from, to] }: YAMLParseError,
  document: Document,
  lines: LineTexts,
): SyntaxFault {
  const at = lines.at(from);
  const { text } = lines;
  const here = (words: string): SyntaxFault => ({ span: [from, Math.max(from + 1, to)], message: words });
  switch (code) {
    case 'TAB_AS_INDENT':
      return {
        span: lines.spanOf(at),
        message: 'the line is indented with a tab, which YAML does not allow: use spaces',
      };
    case 'BAD_INDENT':
      if (message.startsWith('Flow')) return openBracket(document, from, text) ?? here(message);
      return indentation(at, lines);
    case 'BAD_SCALAR_START':
      return here(`a value cannot begin with ${text[from]}: put the value in quotes`);
    case 'BAD_DQ_ESCAPE':
      return here(unknownEscape(text.slice(from, from + 2)));
    case 'MISSING_CHAR':
      if (message.startsWith('Missing closing')) return openQuote(document, from);
      if (message.startsWith('Sequence item')) return indentation(at, lines);
      if (message.startsWith('Implicit map keys')) return withoutColon(at, lines);
      return here(message);
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return nested(at, message, lines);
    case 'UNEXPECTED_TOKEN':
      if (/flow-(map|seq)-end/.test(message))
        return here(`${text[from]} closes nothing: remove it, or put the value in quotes`);
      if (message.endsWith('at node end')) return here('the value ends before this text: put all of it in quotes');
      return here(message);
    default:
      return here(message);
  }
}

/** The key at the begin of a line. */
const KEY = /^(?:- +)*[^'"#{[]*?:(?=\s|$)/;

/** A key, or something that is read as one, inside of another value. */
function nested(at: number, message: string, lines: LineTexts): SyntaxFault {
  const content = lines.content(at);
  if (message.includes('sequence')) return indentation(at, lines);
  if (!KEY.test(content)) return withoutColon(at, lines);
  const next = lines.next(at);
  const value = content.replace(KEY, '').trim();
  if (next !== undefined && lines.indent(next) > lines.indent(at) && !KEY.test(value)) {
    const message =
      `the line is indented as a part of ${quoted(content)}, which has a value: ` +
      `indent it by ${spaces(lines.keyColumn(at))}, or remove that value`;
    return { span: lines.spanOf(next), message };
  }
  return {
    span: lines.spanOf(at),
    message: "the value has ': ' in it, which begins another value: put the whole value in quotes",
  };
}

function withoutColon(line: number, lines: LineTexts): SyntaxFault {
  const content = lines.content(line);
  const [, key, value] = /^(?:- +)?([\w.-]+):(\S.*)$/.exec(content) ?? [];
  const message =
    key === undefined || value === undefined
      ? `${quoted(content)} has no colon: write ${/\s/.test(content) ? "'key: value'" : quoted(`${content}:`)}`
      : `a space is missing after the colon: write ${quoted(`${key}: ${value}`)}`;
  return { span: lines.spanOf(line), message };
}

/** A line that begins where nothing of the lines above it begins. */
function indentation(at: number, lines: LineTexts): SyntaxFault {
  // The parser may name an empty line before it.
  const line = lines.next(at - 1) ?? at;
  const indent = lines.indent(line);
  const columns = lines.columnsAbove(line);
  const nearest = [columns.filter((column) => column < indent).at(-1), columns.find((column) => column > indent)];
  const message =
    `the line is indented by ${spaces(indent)}, which fits no line above it: ` +
    `indent it by ${nearest.filter((column) => column !== undefined).join(' or ')}, as the line that it belongs to`;
  return { span: lines.spanOf(line), message };
}

/** The last bracket that is not closed. */
function openBracket(document: Document, before: number, text: string): SyntaxFault | undefined {
  const place = lastPlace(document, (node) => {
    const [from = 0, to = 0] = node.range ?? [];
    return isCollection(node) && node.flow === true && from < before && text[to - 1] !== CLOSING[text[from] ?? ''];
  });
  if (place === undefined) return undefined;
  const open = text[place] ?? '[';
  return {
    span: [place, place + 1],
    message: `${open} is not closed: add ${CLOSING[open]}, or put the value in quotes`,
  };
}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** The quoted text that goes on to the end. */
function openQuote(document: Document, before: number): SyntaxFault {
  const place = lastPlace(document, (node) => {
    const isQuoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
    return isQuoted && (node.range?.[0] ?? before) < before;
  });
  const from = place ?? before;
  return { span: [from, from + 1], message: 'the quote is not closed: add the same quote at the end of the value' };
}

function lastPlace(document: Document, fits: (node: Node) => boolean): number | undefined {
  let last: number | undefined;
  visit(document, {
    Node: (_, node) => {
      if (fits(node) && node.range) last = Math.max(last ?? 0, node.range[0]);
    },
  });
  return last;
}

const quoted = (text: string): string => `'${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text}'`;

const spaces = (count: number): string => (count === 1 ? '1 space' : `${count} spaces`);
