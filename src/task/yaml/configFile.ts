import { isUtf8 } from 'node:buffer';
import { FusionizerError } from '../../shared/errors.ts';

/** What a Task's configuration may be called in its folder; the first one that is there counts. */
export const CONFIG_FILES: readonly string[] = ['function.yaml', 'function.yml'];

/** Whether a path is that of a Task's function.yaml. */
export const isConfigFile = (file: string): boolean => CONFIG_FILES.includes(file.slice(file.search(/[^\\/]*$/)));

/**
 * The text of a function.yaml. What is no UTF-8 would be read as other text than its author sees.
 * @param file named in errors
 * @throws FusionizerError `task` with file and line
 */
export function configText(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const lines = bytes.toString('latin1').split('\n');
  const line = lines.findIndex((text) => !isUtf8(Buffer.from(text, 'latin1'))) + 1;
  throw new FusionizerError('task', `${file}:${line} is not UTF-8 text: save the file as UTF-8`, { file, line });
}
