'use strict';

/**
 * The log sink inside a real Nuclio: its own wrapper's logger, with the Task and the trace as fields. Before the first event that logger
 * has no connection yet, so the line goes to the standard output, which Nuclio collects as well.
 * @param {import('./task_log').LogRecord} record
 * @param {any} outer the wrapper's context
 */
function wrapperLog(record, outer) {
  const fields = { ...record.with, task: record.task, trace: record.trace };
  const method = outer.logger?.[`${record.level}With`];
  try {
    method.call(outer.logger, record.message, fields);
  } catch {
    process.stdout.write(`${record.level} ${record.message} ${JSON.stringify(fields)}\n`);
  }
}

module.exports = { wrapperLog };
