import { FusionizerError } from '../shared/errors.ts';

/** A folder or file is not a Task, so the server would refuse it. */
export class NoTaskError extends FusionizerError {}

/** The name of a folder or file, or the name in its configuration, is not a valid Task name. */
export class TaskNameError extends FusionizerError {}
