/** The ending of files that media/schemas/schedule.schema.json is for. */
export const SCHEDULE_ENDING = '.schedule.json';
