import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { clickRow, typeIntoQuickInput } from './quickInput.ts';
import { exactly, waitFor } from './wait.ts';

/** Opens a file of the workspace by Quick Open. @param file relative, with `/` */
export async function openFile(page: Page, file: string): Promise<void> {
  const { base, dir } = path.posix.parse(file);
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+P');
  await typeIntoQuickInput(page, file);
  // Until the search has ended, the list shows files that were open before, and some have the same name.
  await clickRow(page, { label: base, ...(dir === '' ? {} : { description: exactly(dir) }) });
  const parts = page.locator('.editor-group-container.active .breadcrumbs-control .monaco-breadcrumb-item');
  // They begin with the workspace folder if there are several, and end with places in the file.
  await waitFor(`${file} to be the active editor, as its breadcrumbs say`, async () =>
    `/${(await parts.allInnerTexts()).map((part) => part.trim()).join('/')}/`.includes(`/${file}/`),
  );
}

export function tab(page: Page, name: string | RegExp): Locator {
  return page
    .locator('.tabs-container .tab')
    .filter({ has: page.locator('.label-name', { hasText: exactly(name) }) })
    .first();
}

/** The names of all open editors, by group. */
export function tabs(page: Page): Promise<string[][]> {
  return page
    .locator('.editor-group-container')
    .evaluateAll((groups) =>
      groups.map((group) =>
        [...group.querySelectorAll('.tab .label-name')].map((name) => name.textContent?.trim() ?? ''),
      ),
    );
}

/** The title of the active editor; undefined if no editor is open. */
export async function activeTab(page: Page): Promise<string | undefined> {
  const names = await page.locator('.editor-group-container.active .tab.active .label-name').allTextContents();
  return names[0]?.trim();
}

export async function isDirty(page: Page, name: string): Promise<boolean> {
  return /\bdirty\b/.test((await tab(page, name).getAttribute('class')) ?? '');
}

/** Saves the active editor. */
export async function save(page: Page): Promise<void> {
  const name = await activeTab(page);
  await page.keyboard.press('ControlOrMeta+S');
  if (name !== undefined) await waitFor(`${name} to be saved`, async () => !(await isDirty(page, name)));
}

/** The editor that is shown in the group with this tab. */
export function editor(page: Page, tabName: string | RegExp): Locator {
  return page
    .locator('.editor-group-container')
    .filter({ has: tab(page, tabName) })
    .locator('.editor-instance .monaco-editor:visible')
    .first();
}

/** The visible lines of an editor. */
export function editorText(shown: Locator): Promise<string> {
  return shown
    .locator('.view-lines')
    .first()
    .evaluate((element) => {
      const lines = [...element.querySelectorAll('.view-line')].map((line) => ({
        top: Number.parseInt(line.style.top, 10),
        text: line.textContent ?? '',
      }));
      return lines
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll('\u00a0', ' '))
        .join('\n');
    });
}

/**
 * Puts a text in place of all that is in the active text editor. Pasted, as typed brackets would be closed by the
 * editor.
 */
export async function replaceText(page: Page, tabName: string, text: string): Promise<void> {
  const shown = editor(page, tabName);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await waitFor(`the focus in ${tabName}`, async () => {
    await shown.locator('.view-lines').first().click();
    return shown.evaluate((element) => element.classList.contains('focused'));
  });
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+V');
  const first = text.split('\n').find((line) => line.trim() !== '') ?? '';
  await waitFor('the text in the editor', async () => (await editorText(shown)).trim().startsWith(first));
}

/** The CodeLenses of an editor, from top to bottom. */
export async function codeLenses(shown: Locator): Promise<string[]> {
  const titles = await shown.locator('.codelens-decoration').allTextContents();
  return titles.flatMap((line) => line.replaceAll('\u00a0', ' ').split(' | ')).map((title) => title.trim());
}

/**
 * Follows a link in an editor with the key that it needs. VS Code draws links anew below the mouse while the key is
 * held, and Playwright's own click may be held back, as it checks that its element is still there.
 */
export async function followLink(shown: Locator, link: Locator): Promise<void> {
  const page = shown.page();
  await link.waitFor();
  const box = await link.boundingBox();
  if (box === null) throw new Error('The link is not shown');
  await page.keyboard.down('ControlOrMeta');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await shown.locator('.detected-link-active').first().waitFor();
  await page.mouse.down();
  await page.mouse.up();
  await page.keyboard.up('ControlOrMeta');
}

/** Whether the editor cuts off the CodeLenses above its first line. */
export async function areLensesCut(shown: Locator): Promise<boolean> {
  const room = await shown.locator('.lines-content').first().boundingBox();
  const editor = await shown.boundingBox();
  const last = await shown.locator('.codelens-decoration').first().locator('a, span').last().boundingBox();
  if (room === null || editor === null || last === null) throw new Error('There are no CodeLenses');
  const lenses = shown.locator('.codelens-decoration').first();
  const hidden = await lenses.evaluate((element) => element.scrollWidth > element.clientWidth);
  return hidden || last.x + last.width > editor.x + editor.width;
}

/** @param title or its end: icons stand before it */
export async function clickCodeLens(shown: Locator, title: string): Promise<void> {
  await shown.locator('.codelens-decoration a', { hasText: title }).first().click();
}

/** Clicks a button in the title of the active group of editors. */
export async function clickEditorAction(page: Page, label: string): Promise<void> {
  await page
    .locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${label}"]`)
    .first()
    .click();
}
