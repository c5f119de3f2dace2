import { l10n, window } from 'vscode';
import { announce } from '../announce.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { deployAndNotify } from './deployAndNotify.ts';
import { type OtherFolder, replaceQuestion } from './otherFolder.ts';

/** Milliseconds that the status bar shows a message for. */
const SHOWN = 5000;

/** The deploys that saved files begin. Each Task has one at a time. */
export class SavedDeploys {
  readonly #services: Services;
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  /** Questions that are open, or were answered with *Cancel*: they are not asked again in this window. */
  readonly #asked = new Set<string>();
  readonly #report = (error: unknown): void => void reportError(this.#services, error);

  constructor(services: Services) {
    this.#services = services;
  }

  /** Deploys a folder, once more after a deploy of it that runs already. Errors are reported. */
  async deploy(folder: string): Promise<void> {
    if (this.#running.has(folder)) {
      this.#again.add(folder);
      return;
    }
    this.#running.add(folder);
    do {
      this.#again.delete(folder);
      await this.#deployOnce(folder).catch(this.#report);
    } while (this.#again.has(folder));
    this.#running.delete(folder);
  }

  async #deployOnce(folder: string): Promise<void> {
    await deployAndNotify(this.#services, folder, {
      quiet: true,
      replace: (other) => {
        void this.#offerReplace(other).catch(this.#report);
        return false;
      },
    });
  }

  async #offerReplace(other: OtherFolder): Promise<void> {
    const question = replaceQuestion(other);
    if (this.#asked.has(question)) {
      announce(l10n.t('{0} is not deployed: another folder has its name.', other.name), SHOWN);
      return;
    }
    this.#asked.add(question);
    const replace = l10n.t('Replace');
    // No dialog: a save is no request to answer questions, and the text keeps the focus.
    if ((await window.showWarningMessage(question, replace, l10n.t('Cancel'))) !== replace) return;
    this.#asked.delete(question);
    await deployAndNotify(this.#services, other.folder, { quiet: true, replace: () => true });
  }
}
