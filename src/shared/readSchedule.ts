import { readFile } from 'node:fs/promises';
import { FusionizerError, messageOf } from './errors.ts';
import { parseSchedule } from './schedule.ts';
import type { ScheduleEntry } from './scheduleApi.ts';

/** The text of a schedule, without the byte order mark that editors of Windows put before it. */
export async function readScheduleText(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
}

/** @throws FusionizerError `malformed` for wrong content, `option` for a file that cannot be read */
export async function readSchedule(file: string): Promise<ScheduleEntry[]> {
  const text = await readScheduleText(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT')
      throw new FusionizerError('option', `There is no schedule ${file}: create it, or choose another file`, {
        file,
        cause,
      });
    throw new FusionizerError('option', `The schedule ${file} cannot be read: ${messageOf(cause)}`, { file, cause });
  });
  return parseSchedule(text, file);
}
