import type { ClientError } from '../../client/errors.ts';
import type { FusionizerError } from '../../shared/errors.ts';
import type { FaultPlace } from './faultPlace.ts';

/** A deploy that failed, with what the user needs to correct it. */
export class DeployFailure extends Error {
  readonly folder: string;
  readonly taskName: string;
  /** Absolute; undefined if no file is at fault. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** The checks of function.yaml mark the fault, so it needs no other mark. */
  readonly marked: boolean;

  constructor(folder: string, taskName: string, cause: ClientError | FusionizerError, place: FaultPlace | undefined) {
    super(cause.message, { cause });
    this.folder = folder;
    this.taskName = taskName;
    this.file = place?.file;
    this.line = place?.line;
    this.marked = place?.checked ?? false;
  }
}
