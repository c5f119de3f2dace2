import { readFile } from 'node:fs/promises';
import { Diagnostic, DiagnosticSeverity, type Disposable, languages, Range, type TextDocument, type Uri, workspace } from 'vscode';
import { isConfig } from './isConfig.ts';
import type { ConfigProblem, Severity } from './problem.ts';
import { readText } from './readText.ts';
import type { KeySchema } from './unknownKeys.ts';

/** Between a change and the look at it, in milliseconds: nobody reads a mark while typing. */
const QUIET = 250;

const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** A mark that knows how it can be mended. */
export class ConfigDiagnostic extends Diagnostic {
  readonly problem: ConfigProblem;

  constructor(problem: ConfigProblem) {
    const { line, from, to, message, severity, code } = problem;
    super(new Range(line, from, line, to), message, SEVERITIES[severity]);
    this.source = 'fusionizer';
    this.code = code;
    this.problem = problem;
  }
}

/** Marks what is wrong in open function.yaml files, while they are edited. */
export class ConfigDiagnostics implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('fusionizer');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #disposables: Disposable[];
  readonly #schemaFile: string;
  readonly #report: (error: unknown) => void;
  #schema: Promise<KeySchema> | undefined;

  /** @param schemaFile media/schemas/function.schema.json, read when it is first needed */
  constructor(schemaFile: string, report: (error: unknown) => void) {
    this.#schemaFile = schemaFile;
    this.#report = report;
    const all = (): void => {
      for (const document of workspace.textDocuments) this.#soon(document);
    };
    // A handler's file that came, went, or was changed.
    const sources = workspace.createFileSystemWatcher('**/*.{py,js,mjs,cjs}');
    this.#disposables = [
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#soon(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      sources,
      sources.onDidCreate(all),
      sources.onDidChange(all),
      sources.onDidDelete(all),
    ];
    all();
  }

  /** What is known of a document now. */
  of(uri: Uri): readonly ConfigDiagnostic[] {
    return (this.#collection.get(uri) ?? []).filter((one) => one instanceof ConfigDiagnostic);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #soon(document: TextDocument): void {
    if (!isConfig(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#check(document).catch(this.#report), QUIET),
    );
  }

  async #check(document: TextDocument): Promise<void> {
    const { version, uri } = document;
    this.#schema ??= readFile(this.#schemaFile, 'utf8').then((text): KeySchema => JSON.parse(text));
    const { checkConfig } = await import('./checkConfig.ts');
    const problems = await checkConfig({ text: document.getText(), file: uri.fsPath, schema: await this.#schema, read: readText });
    // It was changed again, or closed, meanwhile.
    if (document.isClosed || document.version !== version) return;
    this.#collection.set(
      uri,
      problems.map((problem) => new ConfigDiagnostic(problem)),
    );
  }

  #forget(uri: Uri): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#collection.delete(uri);
  }
}
