import type { TaskFolder } from '../../src/extension/setup/rows.ts';
import type { SetupView, TaskView } from '../../src/shared/api.ts';
import type { ScheduleView } from '../../src/shared/scheduleApi.ts';

/** A Task as the server shows it. It is deployed from `/work/<name>`. */
export const taskFixture = (name: string, more: Partial<TaskView> = {}): TaskView => ({
  name,
  group: [name],
  function: name,
  runtime: 'python',
  handler: 'main:handler',
  state: 'ready',
  busySince: null,
  version: 1,
  hash: 'a',
  source: `/work/${name}`,
  deployedAt: '2026-01-01T00:00:00.000Z',
  calls: 0,
  localCalls: 0,
  remoteCalls: 0,
  p50: null,
  p95: null,
  lastError: null,
  crash: null,
  warnings: [],
  address: `http://127.0.0.1:8000/${name}`,
  ...more,
});

/** A Task's folder in the workspace, with the same content as taskFixture. */
export const folderFixture = (name: string, path = `/work/${name}`, more: Partial<TaskFolder> = {}): TaskFolder => ({
  name,
  path,
  runtime: 'python',
  hash: 'a',
  problem: undefined,
  ...more,
});

export const setupFixture = (): SetupView => ({
  revision: 1,
  desired: [],
  actual: [],
  origin: 'manual',
  waiting: [],
  apart: [],
  functions: [],
  error: null,
});

export const scheduleFixture = (): ScheduleView => ({
  entries: [],
  clock: { state: 'running', seconds: 0 },
  inForce: null,
  next: null,
  optimizer: { name: 'static', state: 'running', error: null },
  file: null,
  error: null,
  failed: [],
});
