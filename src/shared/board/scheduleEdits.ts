import type { Node } from 'jsonc-parser';
import { FusionizerError } from '../errors.ts';
import { insertChild, removeChildren, unitOf } from './jsonEdits.ts';
import { type EntryNode, parseSchedule, type ScheduleTree } from './scheduleDocument.ts';
import type { TextEdit } from './textEdit.ts';

/** An entry, by its key: places in the text may have moved since the page has drawn it. */
export interface EntryRef {
  readonly key: string;
  /** Which of the entries with this key, from 0. */
  readonly nth: number;
}

/** A Fusion Group of an entry, by a Task in it. */
export interface GroupRef {
  /** From 0. */
  readonly index: number;
  /** The Tasks that the page has shown in it. */
  readonly tasks: readonly string[];
}

/** What a person does on the board. */
export type ScheduleEdit =
  | { readonly kind: 'addEntry'; readonly second: number }
  | { readonly kind: 'moveEntry'; readonly entry: EntryRef; readonly second: number }
  | { readonly kind: 'duplicateEntry'; readonly entry: EntryRef; readonly second: number }
  | { readonly kind: 'deleteEntry'; readonly entry: EntryRef }
  /** Puts a Task into a group, from wherever it is in the entry. `new`: one of its own; `none`: out of the entry. */
  | {
      readonly kind: 'moveTask';
      readonly entry: EntryRef;
      readonly task: string;
      readonly to: GroupRef | 'new' | 'none';
    }
  /** The Tasks of the second group join the first one. */
  | { readonly kind: 'joinGroups'; readonly entry: EntryRef; readonly into: GroupRef; readonly from: GroupRef }
  /** Each Task of the group gets one of its own. */
  | { readonly kind: 'splitGroup'; readonly entry: EntryRef; readonly group: GroupRef };

/**
 * The edits of a schedule's text for what a person did. What they did not touch keeps its bytes: order, formatting,
 * repeated keys.
 * @returns no edits if the text has what was asked for already
 * @throws FusionizerError `malformed` for a text that is no JSON object; `not-found` if the entry or the group is not
 *   there any more; `setup` for a second that has an entry, or for an entry with a form that no board can show
 */
export function editSchedule(text: string, edit: ScheduleEdit): TextEdit[] {
  const tree = parseSchedule(text);
  if ('fault' in tree)
    throw new FusionizerError('malformed', `Line ${tree.fault.line} is not valid JSON. ${tree.fault.message}`);
  switch (edit.kind) {
    case 'addEntry':
      checkSecond(tree, edit.second);
      return [withEntry(text, tree, edit.second, () => '[]')];
    case 'moveEntry':
      return moved(entryAt(tree, edit.entry), tree, edit.second);
    case 'duplicateEntry': {
      const { value } = entryAt(tree, edit.entry);
      checkSecond(tree, edit.second);
      const written = value === undefined ? '[]' : text.slice(value.offset, value.offset + value.length);
      return [withEntry(text, tree, edit.second, () => written)];
    }
    case 'deleteEntry': {
      const entry = entryAt(tree, edit.entry);
      return tree.root ? removeChildren(text, tree.root, [tree.entries.indexOf(entry)]) : [];
    }
    case 'moveTask':
      return movedTask(text, entryAt(tree, edit.entry), edit.task, edit.to);
    case 'joinGroups':
      return joined(text, entryAt(tree, edit.entry), edit.into, edit.from);
    case 'splitGroup':
      return split(text, entryAt(tree, edit.entry), edit.group);
  }
}

function entryAt({ entries }: ScheduleTree, { key, nth }: EntryRef): EntryNode {
  const found = entries.find((entry) => entry.key === key && entry.nth === nth);
  if (found) return found;
  throw new FusionizerError('not-found', `The entry ${key} is not there any more: somebody has changed the schedule`);
}

function checkSecond({ entries }: ScheduleTree, second: number): void {
  if (!Number.isInteger(second) || second < 0 || second > 999_999_999)
    throw new FusionizerError('setup', 'The second of an entry is a whole number from 0 to 999999999');
  if (entries.some((entry) => entry.second === second))
    throw new FusionizerError('setup', `The schedule has an entry for second ${second} already: choose another one`);
}

function moved(entry: EntryNode, tree: ScheduleTree, second: number): TextEdit[] {
  if (entry.second === second) return [];
  checkSecond(tree, second);
  const { offset, length } = entry.keyNode;
  return [{ offset, length, text: JSON.stringify(String(second)) }];
}

/** A new entry before the first one that comes later. */
function withEntry(text: string, { root, entries }: ScheduleTree, second: number, write: () => string): TextEdit {
  const key = JSON.stringify(String(second));
  if (root === undefined) return { offset: 0, length: text.length, text: `{\n  ${key}: ${write()}\n}\n` };
  const later = entries.findIndex((entry) => entry.second !== undefined && entry.second > second);
  return insertChild(text, root, later < 0 ? entries.length : later, () => `${key}: ${write()}`);
}

/** The group nodes of an entry with the right form. */
function groupNodes({ key, value, groups }: EntryNode): readonly Node[] {
  if (value !== undefined && groups !== undefined) return value.children ?? [];
  throw new FusionizerError('setup', `The entry ${key} is no list of Fusion Groups: correct it in the text first`);
}

function groupAt(entry: EntryNode, { index, tasks }: GroupRef): number {
  const groups = entry.groups ?? [];
  const same = (at: number): boolean => {
    const now = groups[at]?.tasks;
    return now !== undefined && now.length === tasks.length && tasks.every((task, place) => now[place] === task);
  };
  const found = same(index) ? index : groups.findIndex((_, at) => same(at));
  if (found >= 0) return found;
  const shown = tasks.join(' + ') || 'without Tasks';
  throw new FusionizerError('not-found', `The group ${shown} is not in the entry ${entry.key} any more`);
}

function movedTask(text: string, entry: EntryNode, task: string, to: GroupRef | 'new' | 'none'): TextEdit[] {
  const { value, groups = [] } = entry;
  const nodes = groupNodes(entry);
  const target = typeof to === 'string' ? undefined : groupAt(entry, to);
  // It is where it should be, and nowhere else.
  const places = groups.flatMap(({ tasks }, group) => tasks.flatMap((name) => (name === task ? [group] : [])));
  if (places.length === 1 && places[0] === target) return [];
  const isAlone = places.length === 1 && groups[places[0] ?? 0]?.tasks.length === 1;
  if (to === 'new' && isAlone) return [];
  const edits = value === undefined ? [] : withoutTask(text, entry, task, target);
  if (target !== undefined) {
    const node = nodes[target];
    const names = node?.children ?? [];
    if (node && !groups[target]?.tasks.includes(task))
      edits.push(insertChild(text, node, names.length, () => JSON.stringify(task)));
  } else if (to === 'new' && value !== undefined) {
    const left = groups.filter(({ tasks }) => tasks.some((name) => name !== task));
    if (left.length === 0) return [replaced(value, `[[${JSON.stringify(task)}]]`)];
    edits.push(withGroup(text, value, [task]));
  }
  return edits;
}

/** Takes a Task out of all groups, but of one; groups that would be empty go. */
function withoutTask(text: string, entry: EntryNode, task: string, except: number | undefined): TextEdit[] {
  const { value, groups = [] } = entry;
  const edits: TextEdit[] = [];
  const emptied: number[] = [];
  groups.forEach(({ tasks }, index) => {
    const node = value?.children?.[index];
    const at = tasks.flatMap((name, place) => (name === task ? [place] : []));
    const extra = index === except ? at.slice(1) : at;
    if (extra.length === 0 || node === undefined) return;
    if (extra.length === tasks.length) emptied.push(index);
    else edits.push(...removeChildren(text, node, extra));
  });
  return emptied.length === 0 || value === undefined ? edits : [...edits, ...removeChildren(text, value, emptied)];
}

/** A new group behind the others. It is on one line, as most people write groups, unless its neighbour is not. */
function withGroup(text: string, value: Node, tasks: readonly string[]): TextEdit {
  const groups = value.children ?? [];
  const last = groups.at(-1);
  const like = last && text.slice(last.offset, last.offset + last.length);
  return insertChild(text, value, groups.length, (indent) => groupText(tasks, like, indent, unitOf(text)));
}

function groupText(
  tasks: readonly string[],
  like: string | undefined,
  indent: string | undefined,
  unit: string,
): string {
  const names = tasks.map((task) => JSON.stringify(task));
  if (like === undefined || indent === undefined || !/^\[\s*\n/.test(like))
    return `[${names.join(/","/.test(like ?? '') ? ',' : ', ')}]`;
  const lineEnd = like.includes('\r\n') ? '\r\n' : '\n';
  return `[${lineEnd}${names.map((name) => `${indent}${unit}${name}`).join(`,${lineEnd}`)}${lineEnd}${indent}]`;
}

function joined(text: string, entry: EntryNode, into: GroupRef, from: GroupRef): TextEdit[] {
  const nodes = groupNodes(entry);
  const [target, source] = [groupAt(entry, into), groupAt(entry, from)];
  const node = nodes[target];
  if (target === source || node === undefined || entry.value === undefined) return [];
  const there = entry.groups?.[target]?.tasks ?? [];
  const names = (entry.groups?.[source]?.tasks ?? []).filter((name) => !there.includes(name));
  const removal = removeChildren(text, entry.value, [source]);
  if (there.length === 0) return [...removal, replaced(node, groupText(names, undefined, undefined, ''))];
  const added = names.map((name) => insertChild(text, node, there.length, () => JSON.stringify(name)));
  return [...removal, ...added];
}

function split(text: string, entry: EntryNode, group: GroupRef): TextEdit[] {
  const node = groupNodes(entry)[groupAt(entry, group)];
  const { value } = entry;
  if (node === undefined || value === undefined || group.tasks.length < 2) return [];
  const { offset, length } = node;
  const like = text.slice(offset, offset + length);
  const gap = text.slice(value.offset + 1, value.children?.[0]?.offset ?? value.offset + 1);
  const isInLines = gap.includes('\n');
  const indent = isInLines ? gap.slice(gap.lastIndexOf('\n') + 1) : undefined;
  const separator = isInLines ? `,${gap.slice(0, gap.indexOf('\n') + 1).replace(/[^\r\n]/g, '')}${indent}` : ', ';
  const parts = group.tasks.map((task) => groupText([task], like, indent, unitOf(text)));
  return [{ offset, length, text: parts.join(separator) }];
}

const replaced = ({ offset, length }: Node, text: string): TextEdit => ({ offset, length, text });
