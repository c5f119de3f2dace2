import type { Page } from 'playwright-core';
import { exactly } from './wait.ts';

export interface Dialog {
  message: string;
  detail: string;
  buttons: string[];
}

/** What a modal dialog says; waits for it. */
export async function readDialog(page: Page): Promise<Dialog> {
  const dialog = openDialog(page);
  await dialog.waitFor();
  return dialog.evaluate((element) => {
    // Runs in the window as it stands here: a function inside of it would want what the compiler adds to functions.
    // Without a detail, the message stands in the detail's place.
    const head = element.querySelector('.dialog-message-text')?.textContent?.trim() ?? '';
    const body = element.querySelector('.dialog-message-detail')?.textContent?.trim() ?? '';
    const buttons = [...element.querySelectorAll('.dialog-buttons .monaco-button')].map((button) => button.textContent?.trim() ?? '');
    return { message: head === '' ? body : head, detail: head === '' ? '' : body, buttons };
  });
}

/** Clicks a button of a modal dialog. @returns what the dialog said */
export async function answerDialog(page: Page, button: string): Promise<Dialog> {
  const said = await readDialog(page);
  const dialog = openDialog(page);
  await dialog.locator('.dialog-buttons .monaco-button', { hasText: exactly(button) }).click();
  await dialog.waitFor({ state: 'hidden' });
  return said;
}

function openDialog(page: Page) {
  return page.locator('.monaco-dialog-box').last();
}
