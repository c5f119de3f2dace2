import { getCalls } from './calls.ts';
import { getDocs, getDocument, getRoot } from './docs.ts';
import type { Endpoint } from './endpoint.ts';
import { deleteEnvironments, getEnvironments } from './environments.ts';
import { getEvents } from './events.ts';
import { INVOCATIONS } from './invocations.ts';
import { getAllLogs, getLogs } from './logs.ts';
import { deleteOperation, getOperation } from './operations.ts';
import { getSchedule, putSchedule } from './schedule.ts';
import { getHealth, getMetrics } from './server.ts';
import { getSetup, patchSetup, putSetup } from './setup.ts';
import { deleteTask, getTask, getTaskText, listTasks, putTask } from './tasks.ts';
import { getTrace, getTraces, postTraces, replayTrace } from './traces.ts';
import { getUi, getUiFile, getUiPage } from './ui.ts';

/** The endpoints that Express answers. */
export const CONTROL: readonly Endpoint[] = [
  putTask,
  getTaskText,
  deleteTask,
  listTasks,
  getTask,
  getSetup,
  putSetup,
  patchSetup,
  getSchedule,
  putSchedule,
  getOperation,
  deleteOperation,
  getLogs,
  getAllLogs,
  getTraces,
  getTrace,
  replayTrace,
  postTraces,
  getCalls,
  getEvents,
  getHealth,
  getMetrics,
  getRoot,
  getEnvironments,
  deleteEnvironments,
  getDocument,
  getDocs,
  getUi,
  getUiPage,
  getUiFile,
];

/** The whole HTTP API, in the order in which the OpenAPI document shows it. */
export const ENDPOINTS: readonly Endpoint[] = [...CONTROL, ...INVOCATIONS];
