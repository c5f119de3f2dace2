import { isDeepStrictEqual } from 'node:util';
import { type Disposable, l10n, type TextDocument, type WebviewPanel, workspace } from 'vscode';
import { messageOf } from '../../../shared/errors.ts';
import { Channel } from '../../../shared/views/channel.ts';
import type { LiveSchedule, ScheduleHostSide, SchedulePageSide } from '../../../shared/views/scheduleView.ts';
import { pageHtml, pageOptions } from '../../pages/pageHtml.ts';
import type { Services } from '../../services.ts';
import { actOnSchedule } from './actOnSchedule.ts';
import { askSecond, askTask } from './ask.ts';
import { EditQueue } from './editQueue.ts';
import { liveSchedule } from './liveSchedule.ts';

/** Milliseconds in which changes of the Tasks' states are collected, as a fusion brings many at once. */
const COLLECTED = 50;
/** Seconds by which two looks at one running clock may differ. */
const CLOCK_ERROR = 0.5;

/**
 * One board: it shows a schedule's document and changes it. The document is the only model, so undo, redo, saving,
 * backups and comparisons are the editor's own, and several boards and text editors of one file agree.
 */
export class ScheduleEditor implements Disposable {
  readonly #services: Services;
  readonly #document: TextDocument;
  readonly #channel: Channel<ScheduleHostSide, SchedulePageSide>;
  readonly #disposables: Disposable[];
  #shown: { readonly live: LiveSchedule; readonly at: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(services: Services, document: TextDocument, panel: WebviewPanel) {
    this.#services = services;
    this.#document = document;
    const { context, model, log, onServerStatus } = services;
    const edits = new EditQueue(document);
    this.#channel = new Channel((message) => void panel.webview.postMessage(message), {
      requests: {
        ready: () => {
          const live = liveSchedule(services, document.uri.fsPath);
          this.#shown = { live, at: performance.now() };
          const { version } = document;
          return {
            document: { version, text: document.getText() },
            live,
            name: workspace.asRelativePath(document.uri),
          };
        },
        edit: (edit) => edits.edit(edit),
        undo: () => edits.run('undo'),
        redo: () => edits.run('redo'),
        save: () => edits.save(),
        askSecond: (question) => askSecond(question, document.getText()),
        askTask,
        act: (action) => actOnSchedule(services, document, action),
      },
      events: {},
    });
    panel.webview.options = pageOptions(context.extensionUri);
    this.#disposables = [
      panel.webview.onDidReceiveMessage((message) => this.#channel.receive(message)),
      workspace.onDidChangeTextDocument((change) => {
        if (change.document !== document || change.contentChanges.length === 0) return;
        // From the end to the start, so that each one has its place whatever the others do.
        const sorted = [...change.contentChanges].sort((one, other) => other.rangeOffset - one.rangeOffset);
        this.#channel.tell('changed', {
          version: document.version,
          edits: sorted.map(({ rangeOffset: offset, rangeLength: length, text }) => ({ offset, length, text })),
        });
      }),
      { dispose: model.onChange(() => this.#soon()) },
      onServerStatus(() => this.#soon()),
    ];
    panel.webview.html = pageHtml(panel.webview, context.extensionUri, 'schedule', l10n.t('Schedule'));
    // The workspace's Tasks are in the list beside the board.
    services.folders.ready().catch((error: unknown) => log.error(messageOf(error)));
  }

  /** Puts the keyboard's focus on the board. */
  focus(): void {
    this.#channel.tell('focus', undefined);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#channel.close();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const live = liveSchedule(this.#services, this.#document.uri.fsPath);
      if (this.#isShown(live)) return;
      this.#shown = { live, at: performance.now() };
      this.#channel.tell('live', live);
    }, COLLECTED);
  }

  /** Whether the page shows this already: there, a running clock goes on by itself. */
  #isShown(live: LiveSchedule): boolean {
    if (this.#shown === undefined) return false;
    const { live: before, at } = this.#shown;
    const expected = before.seconds + (before.isRunning ? (performance.now() - at) / 1000 : 0);
    return (
      Math.abs(live.seconds - expected) < CLOCK_ERROR &&
      isDeepStrictEqual({ ...live, seconds: 0 }, { ...before, seconds: 0 })
    );
  }
}
