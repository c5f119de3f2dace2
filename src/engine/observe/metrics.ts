import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Load } from '../../platform/platform.ts';
import type { Fusionizer } from '../fusionizer.ts';
import type { Hub } from './hub.ts';
import type { Traces } from './traces.ts';

/** From a local call (microseconds) to a slow handler, in seconds. */
const BUCKETS = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Statuses that HTTP has, and 0. */
const STATUSES = /^(0|[1-9][0-9]{2})$/;

/** The server's metrics for Prometheus, named by https://prometheus.io/docs/practices/naming/ */
export class Metrics {
  readonly #registry = new Registry();

  constructor(parts: { fusionizer: Fusionizer; traces: Traces; hub: Hub }) {
    const registers = [this.#registry];
    const invocations = new Counter({
      name: 'fusionizer_invocations_total',
      help: 'Invocations and calls of Tasks, by the kind of call (outer, remote, local) and HTTP status (0: no answer)',
      labelNames: ['task', 'kind', 'status'],
      registers,
    });
    const durations = new Histogram({
      name: 'fusionizer_invocation_duration_seconds',
      help: 'How long invocations and calls took',
      labelNames: ['task', 'kind'],
      buckets: BUCKETS,
      registers,
    });
    parts.traces.subscribe(({ callee, caller, local, status, duration }, counted) => {
      // The names of Tasks that do not exist are unbounded.
      if (!counted) return;
      const kind = caller === null ? 'outer' : local ? 'local' : 'remote';
      // A function may send any number as a status.
      invocations.inc({ task: callee, kind, status: STATUSES.test(String(status)) ? status : 0 });
      durations.observe({ task: callee, kind }, duration / 1000);
    });
    const operations = new Counter({
      name: 'fusionizer_operations_total',
      help: 'Deploys, deletes and setup changes that have ended, by how',
      labelNames: ['kind', 'state'],
      registers,
    });
    parts.hub.subscribe(({ name, data }) => {
      if (name === 'operation' && 'endedAt' in data && data.endedAt !== null)
        operations.inc({ kind: data.kind, state: data.state });
    }, true);
    gauge('fusionizer_tasks', 'Deployed Tasks', () => parts.fusionizer.taskNames.length);
    const perFunction = (name: string, help: string, value: (load: Load) => number): void => {
      new Gauge({
        name,
        help,
        labelNames: ['function'],
        registers,
        collect() {
          this.reset();
          for (const fn of parts.fusionizer.functions) {
            const load = fn.load();
            // A load that is unknown has no sample: 0 would be wrong.
            if (load) this.set({ function: fn.name }, value(load));
          }
        },
      });
    };
    perFunction('fusionizer_workers', 'Worker processes', (load) => load.workers);
    perFunction(
      'fusionizer_worker_restarts',
      'Workers that ended by themselves and were started again',
      (load) => load.restarts,
    );
    perFunction('fusionizer_waiting_events', 'Events that wait for a worker', (load) => load.waiting);

    function gauge(name: string, help: string, value: () => number): void {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
