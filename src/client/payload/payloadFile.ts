import path from 'node:path';
import type { CommentMarker } from './payloadDocument.ts';

/** A payload document in `.fusionizer/payloads/<task>/` of the workspace folder. */
export interface PayloadFile {
  readonly task: string;
  /** With its ending. */
  readonly name: string;
}

const PLACE = /[\\/]\.fusionizer[\\/]payloads[\\/]([^\\/]+)[\\/]([^\\/]+)$/;
/** Names that every file system can hold. */
const NAME = /^[\p{L}\p{N}_-][\p{L}\p{N}_. -]{0,60}$/u;

export function payloadFolder(workspaceFolder: string, task: string): string {
  return path.join(workspaceFolder, '.fusionizer', 'payloads', task);
}

/** Undefined for a file that is not a payload document, such as the expected answer beside one. */
export function payloadOf(file: string): PayloadFile | undefined {
  const [, task, name] = PLACE.exec(file) ?? [];
  if (task === undefined || name === undefined || name.startsWith('.') || isExpectedFile(name)) return undefined;
  return { task, name };
}

const EXPECTED = '.expected.json';

/** The file with the expected answer of a payload document. */
export const expectedFileOf = (payload: string): string => payload.replace(/\.[^./\\]+$/, '') + EXPECTED;

export const isExpectedFile = (file: string): boolean => file.endsWith(EXPECTED);

/** The file name for a typed name, with the ending .json if it has none; undefined if it cannot be a file name. */
export function payloadName(typed: string): string | undefined {
  const name = typed.trim();
  if (!NAME.test(name) || name.endsWith('.')) return undefined;
  return path.extname(name) === '' ? `${name}.json` : name;
}

export const isJsonFile = (name: string): boolean => path.extname(name).toLowerCase() === '.json';
/** Sent as it is: it never has a head. */
export const isBinaryFile = (name: string): boolean => path.extname(name).toLowerCase() === '.bin';

/** The marker of comments in a payload document of this name. */
export const markerOf = (name: string): CommentMarker => (isJsonFile(name) ? '//' : '#');
