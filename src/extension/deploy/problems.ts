import path from 'node:path';
import { Diagnostic, DiagnosticSeverity, type Disposable, languages, Position, Range, Uri } from 'vscode';

/** What deploys failed with, at the file and line at fault; gone when the Task is deployed again. */
export class Problems implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('fusionizer-deploy');
  readonly #files = new Map<string, Uri>();

  /** @param line from 1; undefined marks the first line */
  set(folder: string, file: string, line: number | undefined, message: string): Uri {
    this.clear(folder);
    const uri = Uri.file(path.join(folder, file));
    const at = Math.max(0, (line ?? 1) - 1);
    const diagnostic = new Diagnostic(new Range(new Position(at, 0), new Position(at, Number.MAX_SAFE_INTEGER)), message, DiagnosticSeverity.Error);
    diagnostic.source = 'fusionizer deploy';
    this.#collection.set(uri, [diagnostic]);
    this.#files.set(folder, uri);
    return uri;
  }

  clear(folder: string): void {
    const uri = this.#files.get(folder);
    if (uri) this.#collection.delete(uri);
    this.#files.delete(folder);
  }

  dispose(): void {
    this.#collection.dispose();
  }
}
