import type { Disposable } from 'vscode';
import type { Answer } from '../answer.ts';
import type { PreviewEditors } from './previewEditors.ts';

/**
 * Shows answers that are images or pages, beside their bytes. The code is loaded for the first preview: images are in
 * memory only, so a tab that outlives a reload of the window has nothing to show.
 */
export class Previews implements Disposable {
  #editors: Promise<PreviewEditors> | undefined;

  /** @returns whether there is a preview of this answer */
  async show(answer: Answer): Promise<boolean> {
    this.#editors ??= makeEditors();
    const editors = await this.#editors;
    return editors.show(answer);
  }

  dispose(): void {
    // `show` has reported a failure.
    void this.#editors?.then(
      (editors) => editors.dispose(),
      () => undefined,
    );
  }
}

async function makeEditors(): Promise<PreviewEditors> {
  const { PreviewEditors } = await import('./previewEditors.ts');
  return new PreviewEditors();
}
