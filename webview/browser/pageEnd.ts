import { Channel, type Handlers, type Side } from '../../src/shared/views/channel.ts';

/**
 * Makes the host of a page in the page itself, in the place of an editor. It has to run before the page's own script.
 * @param handlers what the host does with what the page sends
 */
export function serveThisPage<Host extends Side, Page extends Side>(handlers: Handlers<Host>): Channel<Host, Page> {
  const listeners: ((message: unknown) => void)[] = [];
  const channel = new Channel<Host, Page>((message) => {
    for (const take of listeners) take(message);
  }, handlers);
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      // As with an editor, a message is on its way while its sender goes on.
      postMessage: (message: unknown) => queueMicrotask(() => channel.receive(message)),
      listen: (take: (message: unknown) => void) => listeners.push(take),
    }),
  });
  return channel;
}
