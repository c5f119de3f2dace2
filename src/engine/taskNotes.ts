/** Notes on Tasks that are shown to people, and that serving does not need. */
export class TaskNotes {
  /** Why a Task is not in its desired group. */
  readonly apart = new Map<string, string>();
  /** Of the last deploy. */
  readonly warnings = new Map<string, string[]>();
  readonly lastErrors = new Map<string, string>();

  forget(name: string): void {
    for (const notes of [this.apart, this.warnings, this.lastErrors]) notes.delete(name);
  }
}
