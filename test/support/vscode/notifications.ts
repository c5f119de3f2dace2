import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { runCommand } from './quickInput.ts';
import { exactly, waitFor } from './wait.ts';

export interface Notification {
  message: string;
  severity: 'info' | 'warning' | 'error';
  buttons: string[];
}

const TOAST = '.notifications-toasts .notification-list-item';

/** The visible notifications, newest first. */
export function notifications(page: Page): Promise<Notification[]> {
  return page.locator(TOAST).evaluateAll((elements) =>
    elements.map((element) => ({
      message: element.querySelector('.notification-list-item-message')?.textContent?.trim() ?? '',
      severity: (/codicon-(info|warning|error)/.exec(
        element.querySelector('.notification-list-item-icon')?.className ?? '',
      )?.[1] ?? 'info') as 'info',
      buttons: [...element.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
        (button) => button.textContent?.trim() ?? '',
      ),
    })),
  );
}

/** Waits for a notification whose message has a text. */
export function waitForNotification(page: Page, text: string | RegExp): Promise<Notification> {
  let shown: Notification[] = [];
  return waitFor(`a notification with ${text}`, async () => {
    shown = await notifications(page);
    return shown.find(({ message }) => (text instanceof RegExp ? text.test(message) : message.includes(text)));
  }).catch((error: Error) => {
    throw new Error(`${error.message}; there is ${JSON.stringify(shown)}`, { cause: error });
  });
}

/** Clicks a button of the notification with this text, which closes it. */
export async function answerNotification(page: Page, text: string | RegExp, button: string): Promise<void> {
  await waitForNotification(page, text);
  const toast = page.locator(TOAST, { hasText: text }).first();
  await toast.locator('.monaco-button', { hasText: exactly(button) }).click();
}

/**
 * VS Code shows three notifications in 800 ms; those beyond are behind the bell only. A test that clears one after the
 * other would be quicker than that.
 */
const APART_MS = 270;
const cleared = new WeakMap<Page, number>();

/** Closes all notifications. The next one is shown, however many there were. */
export async function clearNotifications(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
  await page.locator(TOAST).first().waitFor({ state: 'hidden' });
  await delay(Math.max(0, (cleared.get(page) ?? 0) + APART_MS - performance.now()));
  cleared.set(page, performance.now());
}
