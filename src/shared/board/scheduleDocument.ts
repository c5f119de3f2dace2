import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** A Fusion Group of an entry, as the text has it. */
export interface BoardGroup {
  readonly tasks: readonly string[];
}

/** An entry of a schedule, in the order of the text. */
export interface BoardEntry {
  /** As written: seconds after the start, if it is right. */
  readonly key: string;
  /** How many entries before it have the same key. */
  readonly nth: number;
  /** An entry below has the same key: it counts, and this one does not. */
  readonly isRepeated: boolean;
  /** undefined if the key is none. */
  readonly second: number | undefined;
  /** undefined if its value is no list of lists of names. */
  readonly groups: readonly BoardGroup[] | undefined;
  /** Where it is in the text, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

/** Where a text stops being JSON. Lines and columns count from 1. */
export interface BrokenJson {
  readonly message: string;
  /** In UTF-16 units, from 0. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export type ScheduleDocument =
  | { readonly isBroken: false; readonly entries: readonly BoardEntry[] }
  | { readonly isBroken: true; readonly fault: BrokenJson };

/** A parsed entry with its nodes. */
export interface EntryNode extends BoardEntry {
  readonly property: Node;
  readonly keyNode: Node;
  readonly value: Node | undefined;
}

/** A parsed text: the object around the entries, undefined in an empty text. */
export interface ScheduleTree {
  readonly root: Node | undefined;
  readonly entries: readonly EntryNode[];
}

const SECOND = /^(0|[1-9][0-9]{0,8})$/;

/** What a schedule's text shows. It never throws, whatever the text is. */
export function readScheduleDocument(text: string): ScheduleDocument {
  const tree = parseSchedule(text);
  if ('fault' in tree) return { isBroken: true, fault: tree.fault };
  const entries = tree.entries.map(({ property, keyNode, value, ...entry }) => entry);
  return { isBroken: false, entries };
}

/** @returns the fault of a text that is no JSON object */
export function parseSchedule(text: string): ScheduleTree | { fault: BrokenJson } {
  if (text.trim() === '') return { root: undefined, entries: [] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (error !== undefined) return { fault: faultAt(text, error.offset, wordsOf(error)) };
  if (root?.type !== 'object')
    return { fault: faultAt(text, root?.offset ?? 0, 'A schedule is an object of seconds and setups') };
  const seen = new Map<string, number>();
  const entries = (root.children ?? []).flatMap((property): EntryNode[] => {
    const [keyNode, value] = property.children ?? [];
    if (keyNode === undefined) return [];
    const key = String(keyNode.value);
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const { offset, length } = property;
    const second = SECOND.test(key) ? Number(key) : undefined;
    const groups = groupsOf(value);
    return [{ key, nth, isRepeated: false, second, groups, offset, length, property, keyNode, value }];
  });
  return { root, entries: entries.map((one) => ({ ...one, isRepeated: one.nth + 1 < (seen.get(one.key) ?? 0) })) };
}

function groupsOf(value: Node | undefined): BoardGroup[] | undefined {
  if (value?.type !== 'array') return undefined;
  const groups: BoardGroup[] = [];
  for (const group of value.children ?? []) {
    if (group.type !== 'array') return undefined;
    const names = (group.children ?? []).map(({ value: name }): unknown => name);
    if (!names.every((name) => typeof name === 'string')) return undefined;
    groups.push({ tasks: names });
  }
  return groups;
}

const WORDS: Record<string, string> = {
  InvalidSymbol: 'This is no JSON value',
  InvalidNumberFormat: 'This is no number',
  PropertyNameExpected: 'A key in double quotes is missing, or there is a comma too many',
  ValueExpected: 'A value is missing, or there is a comma too many',
  ColonExpected: 'A colon is missing',
  CommaExpected: 'A comma is missing',
  CloseBraceExpected: 'A closing brace } is missing',
  CloseBracketExpected: 'A closing bracket ] is missing',
  EndOfFileExpected: 'Something follows the end of the schedule',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'A comment does not end, and JSON has none',
  UnexpectedEndOfString: 'A closing quote is missing',
  UnexpectedEndOfNumber: 'A number does not end',
  InvalidUnicode: 'This is no Unicode escape',
  InvalidEscapeCharacter: 'JSON does not know this escape',
  InvalidCharacter: 'JSON does not allow this character',
};

function wordsOf({ error }: ParseError): string {
  const code = printParseErrorCode(error);
  return WORDS[code] ?? code;
}

function faultAt(text: string, offset: number, message: string): BrokenJson {
  const before = text.slice(0, offset).split('\n');
  return { message, offset, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
