import path from 'node:path';
import { UNSEARCHED_FOLDERS } from '../../task/ignores.ts';

/** Where function.yaml belongs that is created for a file or folder. */
export type ConfigTarget =
  | { readonly kind: 'folder'; readonly folder: string }
  /** A payload belongs to a Task, which may be in any folder. */
  | { readonly kind: 'payload'; readonly task: string }
  /** The folder belongs to a tool, or holds the Fusionizer's own files. */
  | { readonly kind: 'tool'; readonly name: string };

/** @param dir a folder, or that of a file; absolute @param top the workspace folder */
export function configTarget(dir: string, top: string): ConfigTarget {
  const parts = path.relative(top, dir).split(/[\\/]/);
  const at = parts.findIndex((part) => UNSEARCHED_FOLDERS.includes(part));
  if (at < 0) return { kind: 'folder', folder: dir };
  const [name = '', kind, task] = parts.slice(at);
  return name === '.fusionizer' && kind === 'payloads' && task ? { kind: 'payload', task } : { kind: 'tool', name };
}
