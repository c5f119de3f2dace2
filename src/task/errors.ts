import { FusionizerError } from '../shared/errors.ts';

/** A folder or file that should be sent is not a Task: the server would refuse it. */
export class NoTaskError extends FusionizerError {}

/** The name of a folder or file, or the one that it gives itself, cannot be a Task's name. */
export class TaskNameError extends FusionizerError {}
