import { l10n, ViewColumn, window } from 'vscode';
import { DismissedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { mainFile } from '../setup/mainFile.ts';
import { taskFolder } from '../setup/targets.ts';

/** What a person does on a page. A question that was dismissed is no error for the page to show. */
export async function onPage<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DismissedError) return undefined;
    throw error;
  }
}

/** Opens a Task's handler beside the page. */
export async function openHandler(services: Services, of: { readonly task: string }): Promise<undefined> {
  const folder = await taskFolder(services, of, l10n.t('Open Nuclio Task'));
  await window.showTextDocument(await mainFile(folder), { viewColumn: ViewColumn.Beside, preview: true });
  return undefined;
}
