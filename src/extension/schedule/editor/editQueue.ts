import { commands, l10n, Range, type TextDocument, WorkspaceEdit, workspace } from 'vscode';
import { editSchedule, type ScheduleEdit } from '../../../shared/board/scheduleEdits.ts';

/**
 * The edits of one board, one after the other: each is made for the text as it is when its turn comes, so none is lost
 * or overwrites what came from elsewhere.
 */
export class EditQueue {
  readonly #document: TextDocument;
  #last: Promise<unknown> = Promise.resolve();

  constructor(document: TextDocument) {
    this.#document = document;
  }

  /** @throws Error why the edit does not fit the text, or that the document cannot be changed */
  edit(edit: ScheduleEdit): Promise<{ version: number }> {
    return this.#then(async () => {
      const document = this.#document;
      const edits = editSchedule(document.getText(), edit);
      if (edits.length === 0) return { version: document.version };
      const change = new WorkspaceEdit();
      for (const { offset, length, text } of edits) {
        const range = new Range(document.positionAt(offset), document.positionAt(offset + length));
        change.replace(document.uri, range, text);
      }
      if (!(await workspace.applyEdit(change)))
        throw new Error(l10n.t('The schedule could not be changed: VS Code refused the edit. Try it again.'));
      return { version: document.version };
    });
  }

  /** Undo and redo are the editor's own, and wait for the edits before them. */
  run(command: 'undo' | 'redo'): Promise<undefined> {
    return this.#then(async () => {
      await commands.executeCommand(command);
      return undefined;
    });
  }

  save(): Promise<undefined> {
    return this.#then(async () => {
      if (!(await this.#document.save())) throw new Error(l10n.t('The schedule could not be saved.'));
      return undefined;
    });
  }

  #then<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    // Who asked for it gets its error.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
