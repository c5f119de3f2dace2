import { Channel, type Handlers, type Side } from '../../src/shared/views/channel.ts';

interface EditorApi {
  postMessage(message: unknown): void;
  /** Of a host in the page itself. An editor sends messages to the window, which in a browser anybody could do. */
  listen?(take: (message: unknown) => void): void;
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
  const take = (message: unknown): void => channel.receive(message);
  if (editor.listen) editor.listen(take);
  else window.addEventListener('message', (event: MessageEvent<unknown>) => take(event.data));
  return channel;
}

/** Where a page is drawn: the whole window, or in a browser what is below the navigation. */
export const pageRoot = (): Element => document.querySelector('#page') ?? document.body;
