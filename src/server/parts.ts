import type { Fusionizer } from '../engine/fusionizer.ts';
import type { Hub } from '../engine/observe/hub.ts';
import type { Logs } from '../engine/observe/logs.ts';
import type { Traces } from '../engine/observe/traces.ts';
import type { RunningEvents } from '../engine/runningEvents.ts';
import type { Store } from '../engine/store.ts';
import type { Health, ScheduleEntry, ScheduleView } from '../shared/api.ts';
import type { Auth } from './http/auth.ts';
import type { Followers } from './http/connections.ts';

/** The requests to the schedule, whichever optimizer runs. */
export interface ScheduleControl {
  view(): ScheduleView;
  /** Replaces the entries, and those of the file if there is one. */
  replace(entries: ScheduleEntry[]): Promise<void>;
  clock(what: 'run' | 'pause' | 'restart'): void;
  /** Applies the entry of a second now. Resolves when its setup is reached. */
  apply(second: number): Promise<void>;
}

/** The parts of the server that the routes work on. */
export interface ServerParts {
  auth: Auth;
  fusionizer: Fusionizer;
  store: Store;
  hub: Hub;
  logs: Logs;
  traces: Traces;
  runningEvents: RunningEvents;
  schedule: ScheduleControl;
  followers: Followers;
  health(): Health;
}
