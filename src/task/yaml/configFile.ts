import { isUtf8 } from 'node:buffer';
import { FusionizerError } from '../../shared/errors.ts';

/** The names that a Task's configuration file may have. The first one that exists counts. */
export const CONFIG_FILES: readonly string[] = ['function.yaml', 'function.yml'];

/** Whether a path has the name of a Task's configuration file. */
export const isConfigFile = (file: string): boolean => CONFIG_FILES.includes(file.slice(file.search(/[^\\/]*$/)));

/**
 * The text of a function.yaml. Text that is not UTF-8 is refused: it would be read differently from what its author
 * sees.
 * @param file the name for errors
 * @throws FusionizerError `task` with file and line
 */
export function configText(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const lines = bytes.toString('latin1').split('\n');
  const line = lines.findIndex((text) => !isUtf8(Buffer.from(text, 'latin1'))) + 1;
  throw new FusionizerError('task', `${file}:${line} is not UTF-8 text: save the file as UTF-8`, { file, line });
}
