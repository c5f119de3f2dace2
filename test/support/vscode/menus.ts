import type { Locator, Page } from 'playwright-core';
import { exactly, waitFor } from './wait.ts';

/** What decides on an entry, such as a row's context, may change a little later than the row. */
const MENU_PATIENCE_MS = 8000;

/** Chooses an entry of the context menu of a row, a tab, or whatever has one. */
export async function chooseFromContextMenu(target: Locator, label: string): Promise<void> {
  const page = target.page();
  let seen: string[] = [];
  await waitFor(
    `"${label}" in the context menu`,
    async () => {
      const menu = await openContextMenu(target);
      seen = await labels(menu);
      try {
        // A menu takes no notice of a click that comes right after it was opened; one more opens it again.
        await entry(page, menu, label).click({ timeout: 1000 });
        await menu.waitFor({ state: 'hidden', timeout: 1000 });
        return true;
      } catch (error) {
        await closeMenu(page);
        throw error;
      }
    },
    MENU_PATIENCE_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: it has ${seen.join(', ')}`, { cause: error });
  });
}

/** The entries of a context menu. */
export async function contextMenuLabels(target: Locator): Promise<string[]> {
  const menu = await openContextMenu(target);
  const found = await labels(menu);
  await closeMenu(target.page());
  return found;
}

async function openContextMenu(target: Locator): Promise<Locator> {
  await target.click({ button: 'right' });
  const menu = openMenu(target.page());
  await menu.waitFor({ timeout: 5000 });
  return menu;
}

/** It lives in a shadow root, which Playwright looks into. */
function openMenu(page: Page): Locator {
  return page.locator('.monaco-menu-container .monaco-menu').last();
}

function entry(page: Page, menu: Locator, label: string): Locator {
  return menu
    .locator('.action-item .action-menu-item')
    .filter({ has: page.locator('.action-label', { hasText: exactly(label) }) })
    .first();
}

async function labels(menu: Locator): Promise<string[]> {
  return (await menu.locator('.action-menu-item .action-label').allTextContents()).filter((text) => text !== '');
}

async function closeMenu(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await openMenu(page).waitFor({ state: 'hidden' });
}
