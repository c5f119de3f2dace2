import path from 'node:path';
import type { CommentMarker } from './payloadDocument.ts';

/** Where the payload documents of a Task are: `.fusionizer/payloads/<task>/` in the workspace folder. */
export interface PayloadFile {
  readonly task: string;
  /** With its extension. */
  readonly name: string;
}

const PLACE = /[\\/]\.fusionizer[\\/]payloads[\\/]([^\\/]+)[\\/]([^\\/]+)$/;
/** What a person can type, and every file system can hold. */
const NAME = /^[\p{L}\p{N}_-][\p{L}\p{N}_. -]{0,60}$/u;

export function payloadFolder(workspaceFolder: string, task: string): string {
  return path.join(workspaceFolder, '.fusionizer', 'payloads', task);
}

/** Undefined for a file that is no payload document. */
export function payloadOf(file: string): PayloadFile | undefined {
  const [, task, name] = PLACE.exec(file) ?? [];
  return task === undefined || name === undefined || name.startsWith('.') ? undefined : { task, name };
}

/** The file name for what a user typed; JSON unless they say otherwise. Undefined for what cannot be a name. */
export function payloadName(typed: string): string | undefined {
  const name = typed.trim();
  if (!NAME.test(name) || name.endsWith('.')) return undefined;
  return path.extname(name) === '' ? `${name}.json` : name;
}

export const isJsonFile = (name: string): boolean => path.extname(name).toLowerCase() === '.json';
/** Sent as it is: it has no head, whatever it begins with. */
export const isBinaryFile = (name: string): boolean => path.extname(name).toLowerCase() === '.bin';

/** How comments are marked in a payload document of this name. */
export const markerOf = (name: string): CommentMarker => (isJsonFile(name) ? '//' : '#');
