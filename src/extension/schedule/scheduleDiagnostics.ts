import path from 'node:path';
import {
  type DiagnosticCollection,
  type Disposable,
  type FileSystemWatcher,
  languages,
  RelativePattern,
  type Tab,
  TabInputCustom,
  TabInputText,
  TabInputTextDiff,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { scheduleFile } from '../settings.ts';
import { SCHEDULE_KEY } from '../setup/setupModel.ts';
import { followedFile, SCHEDULE_ENDING } from './scheduleFiles.ts';

/**
 * Marks schedules: those in an editor (the one that the setting names, and every *.schedule.json), and the one that the
 * server follows, also without an editor.
 */
export class ScheduleDiagnostics implements Disposable {
  readonly #services: Services;
  readonly #collection: DiagnosticCollection = languages.createDiagnosticCollection('fusionizer-schedule');
  readonly #disposables: Disposable[];
  /** The file that was followed last. */
  #followed: string | undefined;
  /** Its marks move with its lines, also where nothing else changes. */
  #watcher: FileSystemWatcher | undefined;

  constructor(services: Services) {
    this.#services = services;
    const stop = services.model.onChange(({ structure, keys }) => {
      if (structure || keys.has(SCHEDULE_KEY)) this.#checkAll();
    });
    this.#disposables = [
      this.#collection,
      { dispose: stop },
      workspace.onDidOpenTextDocument(({ uri }) => this.#check(uri)),
      workspace.onDidChangeTextDocument(({ document: { uri } }) => this.#check(uri)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#check(uri)),
      window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        for (const uri of [...opened, ...closed].map(fileOf)) if (uri) this.#check(uri);
      }),
    ];
    this.#checkAll();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#watcher?.dispose();
  }

  #checkAll(): void {
    const before = this.#followed;
    this.#followed = followedFile(this.#services);
    if (this.#followed !== before) this.#watch(this.#followed);
    for (const file of new Set([before, this.#followed])) if (file !== undefined) this.#check(Uri.file(file));
    for (const { uri } of workspace.textDocuments) if (uri.fsPath !== this.#followed) this.#check(uri);
  }

  #watch(file: string | undefined): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    if (file === undefined) return;
    const name = path.basename(file).replace(/[[\]{}*?]/g, '[$&]');
    const pattern = new RelativePattern(Uri.file(path.dirname(file)), name);
    this.#watcher = workspace.createFileSystemWatcher(pattern);
    for (const event of [this.#watcher.onDidChange, this.#watcher.onDidCreate, this.#watcher.onDidDelete])
      event(() => this.#check(Uri.file(file)));
  }

  #check(uri: Uri): void {
    if (uri.scheme !== 'file') return;
    const isSchedule = [this.#followed, scheduleFile()].includes(uri.fsPath) || uri.fsPath.endsWith(SCHEDULE_ENDING);
    if (!isSchedule && !this.#collection.has(uri)) return;
    void this.#mark(uri).catch((error: unknown) => this.#services.log.error(messageOf(error)));
  }

  async #mark(uri: Uri): Promise<void> {
    const document = workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    const version = document?.version;
    const isFollowed = uri.fsPath === this.#followed;
    if (document === undefined && !isFollowed) {
      this.#collection.delete(uri);
      return;
    }
    const text = document?.getText() ?? (await textOf(uri.fsPath));
    if (text === undefined) {
      // A file that is gone has no place for a mark: scheduleWarnings.ts tells of it.
      this.#collection.delete(uri);
      return;
    }
    const { scheduleProblems } = await import('./scheduleProblems.ts');
    const { model } = this.#services;
    const problems = scheduleProblems(text, {
      hasSchema: isChecked(document, ['json', 'jsonc']) && uri.fsPath.endsWith(SCHEDULE_ENDING),
      // In JSON with comments, VS Code does not mark what the server refuses.
      isOpen: isChecked(document, ['json']),
      followed: isFollowed ? model.schedule : undefined,
      // Without a server nobody knows which Tasks are deployed.
      known: model.schedule === undefined ? undefined : model.knownRuntimes,
    });
    // The document was changed again meanwhile, and is checked again.
    if (document?.version !== version) return;
    this.#collection.set(uri, problems);
  }
}

/** The text of a schedule without a document; undefined if it cannot be read. */
async function textOf(file: string): Promise<string | undefined> {
  const { readScheduleText } = await import('../../shared/readSchedule.ts');
  return readScheduleText(file).catch(() => undefined);
}

/**
 * Whether VS Code marks the faults of JSON in a document itself: only while a tab shows it. The document itself may be
 * there for minutes after its last tab was closed.
 */
function isChecked(document: TextDocument | undefined, ids: readonly string[]): boolean {
  if (document === undefined || !ids.includes(document.languageId)) return false;
  const file = document.uri.toString();
  if (!window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => fileOf(tab)?.toString() === file))) return false;
  return workspace.getConfiguration('json', document).get('validate.enable', true);
}

/** The file whose faults VS Code marks for a tab. */
function fileOf({ input }: Tab): Uri | undefined {
  if (input instanceof TabInputText || input instanceof TabInputCustom) return input.uri;
  return input instanceof TabInputTextDiff ? input.modified : undefined;
}
