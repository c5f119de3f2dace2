import type { ServerStatus } from '../server/serverConnection.ts';

/** What decides on the view's rows, besides the rows themselves. */
export interface ViewState {
  readonly trusted: boolean;
  readonly server: ServerStatus['kind'];
}

/** What decides whether a server starts unasked. */
export interface ServingState extends ViewState {
  /** The number of workspace folders. */
  readonly folders: number;
  /** Whether `fusionizer.server.url` names a server. */
  readonly remote: boolean;
  /** Whether there are Tasks, or a server that serves the workspace already. */
  readonly something: boolean;
}

/**
 * Whether the view shows its rows. Without a server they would be half of the truth, so the welcome content says what
 * to do. Without trust there are Task folders only, and no server is missing.
 */
export function showsRows({ trusted, server }: ViewState): boolean {
  return !trusted || ['idle', 'starting', 'running', 'stopping'].includes(server);
}

/**
 * Whether a server starts as soon as the view is shown. One that was stopped, or that failed, waits for the user.
 */
export function startsServer({ trusted, server, folders, remote, something }: ServingState): boolean {
  return trusted && server === 'idle' && (remote || (folders > 0 && something));
}
