import type { Locator, Page } from 'playwright-core';
import { exactly } from './wait.ts';

/** Opens a view container by its name in the activity bar, e.g. `Explorer`. */
export async function openContainer(page: Page, name: string): Promise<void> {
  const item = activityBarItem(page, name);
  await item.waitFor();
  // A click on an open container would close it.
  const open = /\bchecked\b/.test((await item.getAttribute('class')) ?? '');
  if (!open) await item.locator('.action-label').click();
  await page.locator('.part.sidebar .composite.title .title-label', { hasText: new RegExp(name, 'i') }).waitFor();
}

export function activityBarItem(page: Page, name: string): Locator {
  const label = page.locator(`.action-label[aria-label="${name}"], .action-label[aria-label^="${name} ("]`);
  return page.locator('.part.activitybar .action-item').filter({ has: label }).first();
}

/** The part of the side bar with this view. A container with one view shows `Container: View` as its own title. */
export function view(page: Page, name: string): Locator {
  if (name === 'Explorer') return page.locator('.explorer-folders-view').first();
  const header = page
    .locator(`.pane-header[aria-label^="${name}"]`)
    .or(page.locator('.pane-header .title', { hasText: exactly(name) }));
  return page.locator('.part.sidebar .pane, .part.panel .pane').filter({ has: header }).first();
}

/** Opens or closes a view within its container, by its title. */
export async function setExpanded(page: Page, name: string, expanded: boolean): Promise<void> {
  const header = view(page, name).locator('.pane-header').first();
  await header.waitFor();
  if ((await header.getAttribute('aria-expanded')) === String(expanded)) return;
  await header.locator('.title').first().click();
  await page.locator(`.pane-header[aria-label^="${name}"][aria-expanded="${expanded}"]`).first().waitFor();
}

/** The lines of an empty view, with its buttons. */
export async function welcomeContent(page: Page, name: string): Promise<{ text: string[]; buttons: string[] }> {
  const content = view(page, name).locator('.welcome-view-content');
  await content.waitFor();
  const texts = (parts: Locator) =>
    parts.evaluateAll((elements) =>
      elements.map((element) => element.textContent?.trim() ?? '').filter((text) => text !== ''),
    );
  return { text: await texts(content.locator('p')), buttons: await texts(content.locator('.monaco-button')) };
}

/** Clicks a button in the title of a view. Buttons show only while the mouse is over the view. */
export async function clickViewAction(page: Page, name: string, label: string): Promise<void> {
  const own = view(page, name).locator('.pane-header');
  const title = (await own.isVisible()) ? own : page.locator('.part.sidebar .composite.title');
  await title.hover();
  await title.locator(`.action-label[aria-label^="${label}"]`).first().click();
}
