import path from 'node:path';
import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  RelativePattern,
  type TextDocumentChangeEvent,
  Uri,
  workspace,
} from 'vscode';
import type { ConfigDiagnostics } from '../config/configDiagnostics.ts';
import { mayHoldConfig, readText } from '../config/configFiles.ts';
import { DEPLOY_SOURCE, type Fault, type FaultPlace, lineAfter, sameFault } from './faultPlace.ts';

interface Mark {
  readonly uri: Uri;
  /** From 0. */
  readonly line: number;
  readonly message: string;
  /** The text of the line; undefined if there is no such line. */
  readonly text: string | undefined;
  readonly watcher: Disposable;
}

/**
 * Marks the faults that deploys failed with, at their file and line. A mark goes when the Task is deployed again or the
 * line is edited. A fault that the checks of function.yaml find as well is left to them, as they notice its correction.
 */
export class FaultMarks implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('fusionizer-deploy');
  /** By the Task's folder. */
  readonly #marks = new Map<string, Mark>();
  readonly #config: ConfigDiagnostics;
  readonly #listener: Disposable;

  constructor(config: ConfigDiagnostics) {
    this.#config = config;
    this.#listener = workspace.onDidChangeTextDocument((change) => this.#follow(change));
  }

  /** @param folder the Task's, or its only file */
  async mark(folder: string, { file, line, message }: Fault): Promise<FaultPlace> {
    this.clear(folder);
    const at = path.basename(folder) === file ? folder : path.join(folder, file);
    const uri = Uri.file(at);
    if (mayHoldConfig({ uri })) {
      const same = sameFault(await this.#config.keep(at), line, message);
      if (same) return { file: at, line: same.line + 1, checked: true };
    }
    const from = Math.max(0, (line ?? 1) - 1);
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.file(path.dirname(at)), path.basename(at)),
    );
    const look = (): void => void this.#look(folder);
    const all = Disposable.from(watcher, watcher.onDidChange(look), watcher.onDidDelete(look));
    this.#set(folder, {
      uri,
      line: from,
      message: message.replace(`${file}:${line}: `, '').replace(`${file}: `, ''),
      text: await lineOf(at, from),
      watcher: all,
    });
    return { file: at, line, checked: false };
  }

  clear(folder: string): void {
    const mark = this.#marks.get(folder);
    if (mark === undefined) return;
    mark.watcher.dispose();
    this.#collection.delete(mark.uri);
    this.#marks.delete(folder);
  }

  dispose(): void {
    for (const { watcher } of this.#marks.values()) watcher.dispose();
    this.#listener.dispose();
    this.#collection.dispose();
  }

  #set(folder: string, mark: Mark): void {
    const diagnostic = new Diagnostic(
      new Range(mark.line, 0, mark.line, Number.MAX_SAFE_INTEGER),
      mark.message,
      DiagnosticSeverity.Error,
    );
    diagnostic.source = DEPLOY_SOURCE;
    this.#marks.set(folder, mark);
    this.#collection.set(mark.uri, [diagnostic]);
  }

  #follow({ document, contentChanges }: TextDocumentChangeEvent): void {
    for (const [folder, mark] of this.#marks) {
      if (mark.uri.toString() !== document.uri.toString()) continue;
      // VS Code gives the changes from the last one in the text to the first.
      const moved = contentChanges.reduce<number | undefined>(
        (now, edit) => (now === undefined ? now : lineAfter(now, edit)),
        mark.line,
      );
      // Without unsaved changes the document may only have caught up with the file that was deployed.
      const places = document.isDirty ? [moved] : [mark.line, moved];
      const line = places.find(
        (place) => place !== undefined && place < document.lineCount && document.lineAt(place).text === mark.text,
      );
      if (line === undefined) this.clear(folder);
      else if (line !== mark.line) this.#set(folder, { ...mark, line });
    }
  }

  /** The file was changed on disk, by an editor, whose changes #follow() saw, or by another program. */
  async #look(folder: string): Promise<void> {
    const mark = this.#marks.get(folder);
    if (mark === undefined) return;
    const text = await lineOf(mark.uri.fsPath, mark.line);
    if (text !== mark.text && this.#marks.get(folder) === mark) this.clear(folder);
  }
}

const lineOf = async (file: string, line: number): Promise<string | undefined> =>
  (await textOf(file)).split(/\r?\n/)[line];

/** A file that cannot be read counts as empty. */
async function textOf(file: string): Promise<string> {
  return readText(file).catch(() => '');
}
