/** What is remembered of Tasks besides their files and functions: shown to people, not needed to serve. */
export class TaskNotes {
  /** Why a Task is not in the group that the desired setup has for it. */
  readonly apart = new Map<string, string>();
  /** Of the last deploy. */
  readonly warnings = new Map<string, string[]>();
  readonly lastErrors = new Map<string, string>();

  forget(name: string): void {
    for (const notes of [this.apart, this.warnings, this.lastErrors]) notes.delete(name);
  }
}
