import type { FrameLocator, Locator, Page } from 'playwright-core';

/**
 * The page that an editor shows, which VS Code puts into two frames. That of an editor which was just closed is hidden,
 * and stays in the window for a moment.
 */
export function webview(page: Page): FrameLocator {
  return inner(frames(page).last());
}

/** One of several pages side by side, in any order. */
export function webviewAt(page: Page, nth: number): FrameLocator {
  return inner(frames(page).nth(nth));
}

const frames = (page: Page): Locator => page.locator('iframe.webview.ready:visible');
const inner = (frame: Locator): FrameLocator => frame.contentFrame().frameLocator('#active-frame');
