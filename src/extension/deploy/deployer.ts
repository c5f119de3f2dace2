import path from 'node:path';
import { workspace } from 'vscode';
import { UntrustedError } from '../errors.ts';
import type { TaskFolder } from '../setup/rows.ts';
import type { Deployed, DeployOptions, DeployParts } from './deployFolder.ts';

/** Zips Task folders and deploys them, with progress that can be cancelled. */
export class Deployer {
  readonly #parts: DeployParts;
  /** The folder of the newest deploy, to deploy it again. */
  last: string | undefined;
  /** Whether files are being saved for a deploy. */
  saving = false;

  constructor(parts: DeployParts) {
    this.#parts = parts;
  }

  /**
   * Deploys a folder, or a single source file; resolves when it serves.
   * @throws DeployFailure; DismissedError if it was cancelled; the error of a server that cannot be reached
   */
  async deploy(folder: string, options: DeployOptions = {}): Promise<Deployed> {
    if (!workspace.isTrusted) throw new UntrustedError();
    this.last = folder;
    await this.#save(folder);
    const { deployFolder } = await import('./deployFolder.ts');
    return deployFolder(this.#parts, folder, options);
  }

  /**
   * Asks for the build commands of all these folders in one question. Their deploys then ask only about a list that
   * changed meanwhile.
   * @throws DismissedError if the user does not agree; the error of a server that cannot be reached
   */
  async confirmAll(folders: readonly TaskFolder[]): Promise<void> {
    if (!workspace.isTrusted) throw new UntrustedError();
    for (const { path: folder } of folders) await this.#save(folder);
    const { confirmAllBuildCommands } = await import('./confirmBuildCommands.ts');
    const { state, server } = this.#parts;
    await confirmAllBuildCommands(state, folders, () => server.start());
  }

  async #save(folder: string): Promise<void> {
    this.saving = true;
    await saveFilesBelow(folder).finally(() => {
      this.saving = false;
    });
  }
}

/** Deploys send what the editors show. */
async function saveFilesBelow(folder: string): Promise<void> {
  const unsaved = workspace.textDocuments.filter(
    (document) => document.isDirty && !document.isUntitled && isBelow(document.uri.fsPath, folder),
  );
  for (const document of unsaved) await document.save();
}

function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}
