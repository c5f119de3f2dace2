import { commands, type Disposable, l10n, type Tab, type ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Answer } from '../answer.ts';
import { answerUri } from '../answerUri.ts';
import { columnBeside, columnOf, uriOf } from '../tabs.ts';
import { ImageFiles, isPreview } from './imageFiles.ts';
import { previewOf } from './previewKind.ts';
import { sandboxedPage } from './sandboxedPage.ts';

/** The editors that show images and pages. There is one for each Task. */
export class PreviewEditors implements Disposable {
  readonly #images = new ImageFiles();
  readonly #pages = new Map<string, WebviewPanel>();

  /** @returns whether there is a preview of this answer */
  async show(answer: Answer): Promise<boolean> {
    const preview = previewOf(answer);
    if (preview === undefined) return false;
    await this.#close(answer.task, preview.kind);
    if (preview.kind === 'page') this.#showPage(answer.task, preview.text);
    else await this.#showImage(answer, preview.ending);
    return true;
  }

  dispose(): void {
    for (const panel of this.#pages.values()) panel.dispose();
    this.#images.dispose();
  }

  #showPage(task: string, page: string): void {
    const title = l10n.t('Preview: Answer of {0}', task);
    const note = l10n.t('Preview. Scripts, links, forms and everything from the network are off.');
    const known = this.#pages.get(task);
    const panel =
      known ??
      window.createWebviewPanel(
        'fusionizer.preview',
        title,
        { viewColumn: placeFor(task), preserveFocus: true },
        { enableScripts: false, enableForms: false, enableCommandUris: false, localResourceRoots: [] },
      );
    panel.webview.html = sandboxedPage(page, note);
    if (known) known.reveal(undefined, true);
    this.#pages.set(task, panel);
    panel.onDidDispose(() => this.#pages.delete(task));
  }

  async #showImage({ task, body, at }: Answer, ending: string): Promise<void> {
    const uri = this.#images.put(l10n.t('Preview of {0}', task) + ending, body, at);
    const options = { viewColumn: placeFor(task), preserveFocus: true, preview: false };
    await commands.executeCommand('vscode.openWith', uri, 'imagePreview.previewEditor', options);
  }

  /** Closes an earlier preview of the Task that the next one does not replace in place. */
  async #close(task: string, next: 'image' | 'page'): Promise<void> {
    if (next === 'image') this.#pages.get(task)?.dispose();
    await window.tabGroups.close(previewTabs(task), true);
  }
}

/** The tabs with the image of an earlier answer. */
function previewTabs(task: string): Tab[] {
  const name = `/${l10n.t('Preview of {0}', task)}.`;
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter((tab) => isPreview(uriOf(tab)) && uriOf(tab)?.path.includes(name));
}

/** Beside the bytes: in the column where the payload is, if there are two. */
function placeFor(task: string): ViewColumn {
  const bytes = columnOf(answerUri(task))?.column;
  const active = window.tabGroups.activeTabGroup.viewColumn;
  return bytes !== undefined && bytes !== active ? active : columnBeside();
}
