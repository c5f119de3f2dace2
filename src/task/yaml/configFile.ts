import { isUtf8 } from 'node:buffer';
import { FusionizerError } from '../../shared/errors.ts';

/** The names that a Task's configuration file may have. The first one that exists counts. */
export const CONFIG_FILES: readonly string[] = ['function.yaml', 'function.yml'];

/** Whether a path has the name of a Task's configuration file. */
export const isConfigFile = (file: string): boolean => CONFIG_FILES.includes(file.slice(file.search(/[^\\/]*$/)));

/** The longest configuration, in characters. The bound limits how long the server spends on reading it. */
export const MAX_LENGTH = 256 * 1024;
/** A file with more bytes than this is longer, whatever its characters. */
export const MAX_BYTES = 4 * MAX_LENGTH;

export const tooLarge = (file: string): FusionizerError =>
  new FusionizerError(
    'task',
    `${file} is larger than ${MAX_LENGTH / 1024} KiB: move data that is not configuration into another file`,
    { file },
  );

/**
 * The text of a configuration. Text that is not UTF-8 is refused: it would be read differently from what its author
 * sees. PowerShell's `>` and old editors of Windows write UTF-16.
 * @param file the name for errors
 * @throws FusionizerError `task` with file and line
 */
export function configText(bytes: Buffer, file: string): string {
  if (bytes.length > MAX_BYTES) throw tooLarge(file);
  const isUtf16 = /^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)) || bytes.includes(0);
  if (isUtf8(bytes) && !isUtf16) return bytes.toString('utf8');
  const line = isUtf16 ? 1 : firstWrongLine(bytes);
  const kind = isUtf16 ? 'is UTF-16 text, or not text at all' : 'is not UTF-8 text';
  throw new FusionizerError('task', `${file}:${line} ${kind}: save the file as UTF-8`, { file, line });
}

/** The first line, from 1, that is not UTF-8. */
function firstWrongLine(bytes: Buffer): number {
  const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a);
  // The first line end up to which not all is right.
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isUtf8(bytes.subarray(0, ends[middle]))) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
