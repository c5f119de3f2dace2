import * as z from 'zod';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { parseSchedule } from '../../shared/schedule.ts';
import { SCHEDULE_ENDING } from './newSchedule.ts';

/**
 * What a server would refuse in a schedule, unless VS Code marks it already: syntax in every JSON file, the form where
 * the schema is known.
 */
export function scheduleProblem(text: string, name: string): { message: string; line: number } | undefined {
  try {
    parseSchedule(text, name);
    return undefined;
  } catch (error) {
    if (!(error instanceof FusionizerError)) throw error;
    if (error.cause instanceof SyntaxError) return undefined;
    const ofForm = error.cause instanceof z.ZodError && error.cause.issues.every(({ code }) => code !== 'custom');
    if (ofForm && name.endsWith(SCHEDULE_ENDING)) return undefined;
    return { message: messageOf(error).replace(`${name}:${error.line}: `, ''), line: (error.line ?? 1) - 1 };
  }
}
