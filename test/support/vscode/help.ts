import type { Page } from 'playwright-core';
import { editor } from './editors.ts';
import { waitFor } from './wait.ts';

/** Puts the cursor into an editor. */
export async function focusEditor(page: Page, tabName: string): Promise<void> {
  await editor(page, tabName).locator('.view-lines').first().click();
}

export async function pressKeys(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/**
 * Asks for the quick fixes at the cursor, and gives the titles in their menu. VS Code drops the question without a menu
 * if marks change while it is open, as they do after an edit: a person presses the keys again.
 */
export async function askForQuickFixes(page: Page): Promise<string[]> {
  const rows = page.locator('.action-widget .monaco-list-row.action');
  await waitFor('the menu of quick fixes', async () => {
    await page.keyboard.press('ControlOrMeta+.');
    await rows.first().waitFor({ timeout: 3000 });
    return true;
  });
  return (await rows.allTextContents()).map((title) => title.trim());
}

/** Waits until the list of proposals has one with this label. */
export async function waitForSuggestion(page: Page, label: string): Promise<void> {
  const names = page.locator('.suggest-widget.visible .monaco-list-row .label-name');
  await waitFor(`the proposal ${label}`, async () =>
    (await names.allTextContents()).some((name) => name.trim() === label),
  );
}
