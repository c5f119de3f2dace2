import type { Locator, Page } from 'playwright-core';
import { exactly, waitFor } from './wait.ts';

/** An entry may appear a little later than its row, as the row's context changes later. */
const MENU_PATIENCE_MS = 8000;
const SUBMENU = 'Fusionizer';

/** Chooses an entry of a context menu, for instance of a row or a tab, or of its submenu *Fusionizer*. */
export async function chooseFromContextMenu(target: Locator, label: string): Promise<void> {
  // An editor that an earlier step opened may take the focus just then, which closes the menu.
  await waitFor(`the context menu to take "${label}"`, async () => {
    const menu = await menuWith(target, label);
    return take(menu, entry(target.page(), menu, label));
  });
}

/** The open menu that has an entry. */
async function menuWith(target: Locator, label: string): Promise<Locator> {
  const page = target.page();
  let seen: string[] = [];
  const open = async () => {
    const menu = await openContextMenu(target);
    seen = await labels(menu);
    if (seen.includes(label)) return menu;
    if (seen.includes(SUBMENU)) {
      const submenu = await openSubmenu(page, menu);
      seen = await labels(submenu);
      if (seen.includes(label)) return submenu;
    }
    await closeMenu(page);
    return undefined;
  };
  return waitFor(`"${label}" in the context menu`, open, MENU_PATIENCE_MS).catch((error: Error) => {
    throw new Error(`${error.message}: it has ${seen.join(', ')}`, { cause: error });
  });
}

/**
 * Clicks an entry until its menu is gone: a menu ignores the mouse for its first tenth of a second.
 * @returns false if the menu went away by itself
 */
async function take(menu: Locator, chosen: Locator): Promise<boolean> {
  for (;;) {
    try {
      await chosen.click({ timeout: 1000 });
    } catch (error) {
      if (await menu.isVisible()) throw error;
      return false;
    }
    const gone = await menu.waitFor({ state: 'hidden', timeout: 200 }).then(
      () => true,
      () => false,
    );
    if (gone) return true;
  }
}

/** The entries of a context menu, and those of its submenu *Fusionizer*. @param look runs while they are open */
export async function contextMenuLabels(
  target: Locator,
  look?: () => Promise<void>,
): Promise<{ labels: string[]; submenu: string[] }> {
  const menu = await openContextMenu(target);
  const found = await labels(menu);
  const submenu = found.includes(SUBMENU) ? await labels(await openSubmenu(target.page(), menu)) : [];
  await look?.();
  await closeMenu(target.page());
  return { labels: found, submenu };
}

/** A submenu opens below the mouse, but not in a menu's first tenth of a second. */
function openSubmenu(page: Page, menu: Locator): Promise<Locator> {
  return waitFor(`the submenu ${SUBMENU}`, async () => {
    await entry(page, menu, SUBMENU).click({ timeout: 1000 });
    const submenu = page.locator('.monaco-menu-container .monaco-submenu .monaco-menu, .monaco-submenu.menu-container');
    await submenu.last().waitFor({ timeout: 1000 });
    return submenu.last();
  });
}

async function openContextMenu(target: Locator): Promise<Locator> {
  // A tooltip of the row before may lie over this one, for as long as the mouse stays.
  await target.page().mouse.move(0, 0);
  await target.click({ button: 'right' });
  const menu = openMenu(target.page());
  await menu.waitFor({ timeout: 5000 });
  return menu;
}

/** The menu is in a shadow root, which Playwright searches too. */
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
  const texts = await menu.locator('.action-menu-item .action-label').allTextContents();
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

async function closeMenu(page: Page): Promise<void> {
  // An open submenu takes the first one.
  await waitFor('the menu to close', async () => {
    await page.keyboard.press('Escape');
    return (await page.locator('.monaco-menu-container .monaco-menu:visible').count()) === 0;
  });
}
