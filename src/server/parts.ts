import type { Fusionizer } from '../engine/fusionizer.ts';
import type { CallGraph } from '../engine/observe/callGraph.ts';
import type { Hub } from '../engine/observe/hub.ts';
import type { Logs } from '../engine/observe/logs.ts';
import type { ServerLog } from '../engine/observe/serverLog.ts';
import type { TraceHistory } from '../engine/observe/traceHistory.ts';
import type { Traces } from '../engine/observe/traces.ts';
import type { Replay } from '../engine/replay.ts';
import type { RunningEvents } from '../engine/runningEvents.ts';
import type { Store } from '../engine/store.ts';
import type { ScheduleControl } from '../optimizer/schedule/scheduling.ts';
import type { Health } from '../shared/api.ts';
import type { EnvironmentsView, PruneView } from '../shared/environments.ts';
import type { ServerAddress } from '../shared/serverAddress.ts';
import type { Auth } from './http/auth.ts';
import type { Followers } from './http/connections.ts';

/** What build commands installed on this machine. */
export interface EnvironmentControl {
  view(): Promise<EnvironmentsView>;
  prune(options: { cache: boolean }): Promise<PruneView>;
}

/** The parts of the server that the routes work on. */
export interface ServerParts {
  address: ServerAddress;
  auth: Auth;
  fusionizer: Fusionizer;
  store: Store;
  hub: Hub;
  logs: Logs;
  serverLog: ServerLog;
  traces: Traces;
  history: TraceHistory;
  callGraph: CallGraph;
  replay: Replay;
  runningEvents: RunningEvents;
  schedule: ScheduleControl;
  environments: EnvironmentControl;
  followers: Followers;
  health(): Health;
}
