import { isUtf8 } from 'node:buffer';
import { FusionizerError } from '../../shared/errors.ts';

/** The names that a Task's configuration file may have. The first one that exists counts. */
export const CONFIG_FILES: readonly string[] = ['function.yaml', 'function.yml'];

/** Whether a path has the name of a Task's configuration file. */
export const isConfigFile = (file: string): boolean => CONFIG_FILES.includes(file.slice(file.search(/[^\\/]*$/)));

/**
 * The text of a configuration. Text that is not UTF-8 is refused: it would be read differently from what its author
 * sees. PowerShell's `>` and old editors of Windows write UTF-16.
 * @param file the name for errors
 * @throws FusionizerError `task` with file and line
 */
export function configText(bytes: Buffer, file: string): string {
  const isUtf16 = /^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)) || bytes.includes(0);
  if (isUtf8(bytes) && !isUtf16) return bytes.toString('utf8');
  const lines = bytes.toString('latin1').split('\n');
  const wrong = lines.findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
  const line = isUtf16 || wrong < 0 ? 1 : wrong + 1;
  const kind = isUtf16 ? 'is UTF-16 text, or not text at all' : 'is not UTF-8 text';
  throw new FusionizerError('task', `${file}:${line} ${kind}: save the file as UTF-8`, { file, line });
}
