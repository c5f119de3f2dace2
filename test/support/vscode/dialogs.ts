import type { Page } from 'playwright-core';
import { exactly } from './wait.ts';

export interface Dialog {
  message: string;
  detail: string;
  buttons: string[];
}

/** Waits for a modal dialog. @returns its texts */
export async function readDialog(page: Page): Promise<Dialog> {
  const dialog = openDialog(page);
  await dialog.waitFor();
  const text = async (selector: string) => (await dialog.locator(selector).allTextContents()).join(' ').trim();
  const head = await text('.dialog-message-text');
  const body = await text('.dialog-message-detail');
  const buttons = await dialog.locator('.dialog-buttons .monaco-button').allTextContents();
  // Without a detail, the message takes its place.
  return {
    message: head === '' ? body : head,
    detail: head === '' ? '' : body,
    buttons: buttons.map((label) => label.trim()),
  };
}

/** Clicks a button of a modal dialog. @returns its texts */
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
