import { Channel, type Handlers, type Side } from '../../src/shared/views/channel.ts';

interface EditorApi {
  postMessage(message: unknown): void;
}

declare global {
  /** What a webview has of its editor. A page in a browser makes one of its own before the page's script runs. */
  function acquireVsCodeApi(): EditorApi;
}

/**
 * Connects the page with its host: the editor's extension, or what stands for it in a browser.
 * @param handlers what the page does with what the host sends
 */
export function connect<Page extends Side, Host extends Side>(handlers: Handlers<Page>): Channel<Page, Host> {
  const editor = acquireVsCodeApi();
  const channel = new Channel<Page, Host>((message) => editor.postMessage(message), handlers);
  window.addEventListener('message', (event: MessageEvent<unknown>) => channel.receive(event.data));
  return channel;
}
