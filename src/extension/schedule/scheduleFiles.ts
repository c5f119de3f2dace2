import type { Services } from '../services.ts';

/** The ending of the files that media/schemas/schedule.schema.json is for. */
export const SCHEDULE_ENDING = '.schedule.json';
/** The name of a new schedule. */
export const NEW_SCHEDULE = `fusion${SCHEDULE_ENDING}`;

/**
 * The file that the server follows, if it is on this machine. The path that a server elsewhere names may be that of
 * another file here.
 */
export function followedFile({ model, server }: Services): string | undefined {
  return server.connection?.origin === 'remote' ? undefined : (model.schedule?.file ?? undefined);
}
