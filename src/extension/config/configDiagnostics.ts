import { readFile } from 'node:fs/promises';
import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  type Disposable,
  languages,
  Range,
  Uri,
  workspace,
} from 'vscode';
import type { KeySchema } from '../../task/yaml/unknownKeys.ts';
import { isConfig, mayBeInline, mayHoldConfig, readText } from './configFiles.ts';
import type { ConfigProblem, Severity } from './configProblem.ts';

/** Milliseconds between a change and its check: nobody reads a mark while typing. */
const QUIET = 250;

const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** A mark that carries its quick fixes. */
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

/** The marks of a document. */
export const marksIn = (collection: DiagnosticCollection, uri: Uri): readonly ConfigDiagnostic[] =>
  (collection.get(uri) ?? []).filter((one) => one instanceof ConfigDiagnostic);

/**
 * Marks the faults of function.yaml files and inline configurations: of open ones while they are edited, and of those
 * that a deploy failed for until they are corrected.
 */
export class ConfigDiagnostics implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('fusionizer');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Files that are checked although no editor shows them. */
  readonly #kept = new Map<string, Uri>();
  /** The number of the newest check of each file. Results of older ones are dropped. */
  readonly #checks = new Map<string, number>();
  readonly #disposables: Disposable[];
  readonly #schemaFile: string;
  readonly #report: (error: unknown) => void;
  #schema: Promise<KeySchema> | undefined;

  /** @param schemaFile media/schemas/function.schema.json, read when it is first needed */
  constructor(schemaFile: string, report: (error: unknown) => void) {
    this.#schemaFile = schemaFile;
    this.#report = report;
    const all = (): void => {
      for (const { uri } of workspace.textDocuments) this.#soon(uri);
      for (const uri of this.#kept.values()) this.#soon(uri);
    };
    // A change of a handler's file, or of a configuration that no editor shows, may add or remove faults.
    const sources = workspace.createFileSystemWatcher('**/{*.py,*.js,*.mjs,*.cjs,function.yaml,function.yml}');
    this.#disposables = [
      this.#collection,
      workspace.onDidOpenTextDocument(({ uri }) => this.#soon(uri)),
      workspace.onDidChangeTextDocument(({ document: { uri } }) => this.#soon(uri)),
      workspace.onDidCloseTextDocument(({ uri }) =>
        this.#kept.has(uri.toString()) ? this.#soon(uri) : this.#forget(uri),
      ),
      sources,
      sources.onDidCreate(all),
      sources.onDidChange(all),
      sources.onDidDelete(all),
    ];
    all();
  }

  /** Nuclio's keys, with their types and descriptions. */
  schema(): Promise<KeySchema> {
    this.#schema ??= readFile(this.#schemaFile, 'utf8').then((text): KeySchema => JSON.parse(text));
    return this.#schema;
  }

  /** The marks of a document. */
  of(uri: Uri): readonly ConfigDiagnostic[] {
    return marksIn(this.#collection, uri);
  }

  /** Checks a file now and marks its faults until they are corrected, even if no editor shows it. */
  async keep(file: string): Promise<readonly ConfigProblem[]> {
    const uri = Uri.file(file);
    this.#kept.set(uri.toString(), uri);
    return await this.#check(uri);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #soon(uri: Uri): void {
    if (!mayHoldConfig({ uri })) return;
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#check(uri).catch(this.#report), QUIET),
    );
  }

  async #check(uri: Uri): Promise<readonly ConfigProblem[]> {
    const key = uri.toString();
    const check = (this.#checks.get(key) ?? 0) + 1;
    this.#checks.set(key, check);
    const text = await readText(uri.fsPath).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    // Most source files have no configuration in them: nothing is loaded for these.
    const problems =
      text === undefined || !(isConfig({ uri }) || mayBeInline(text)) ? [] : await this.#problemsOf(uri.fsPath, text);
    // The file was changed again or closed meanwhile.
    if (this.#checks.get(key) !== check) return problems;
    if (problems.every(({ severity }) => severity !== 'error')) this.#kept.delete(key);
    if (!this.#kept.has(key) && !workspace.textDocuments.some((open) => open.uri.toString() === key)) this.#forget(uri);
    else
      this.#collection.set(
        uri,
        problems.map((problem) => new ConfigDiagnostic(problem)),
      );
    return problems;
  }

  async #problemsOf(file: string, text: string): Promise<readonly ConfigProblem[]> {
    const { checkConfig } = await import('./checkConfig.ts');
    return checkConfig({ text, file, schema: await this.schema(), read: readText });
  }

  #forget(uri: Uri): void {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#checks.delete(key);
    this.#collection.delete(uri);
  }
}
