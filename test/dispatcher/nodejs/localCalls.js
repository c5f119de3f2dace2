'use strict';

const assert = require('node:assert/strict');
const { startWorker, task } = require('./harness');

const SERVER = { FUSIONIZER_URL: 'http://127.0.0.1:8123' };
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const A = { 'Task-Name': 'a', Traceparent: `00-${TRACE}-${SPAN}-01` };

/** Runs `code` in Task a, which can use session and context, and answers with its value as JSON. */
const caller = (code) =>
  task(`exports.handler = async (context, event, session) =>
    context.callback({ value: await (async () => { ${code} })() });`);

/** The value of `code` in Task a, in a function that has `others` beside it. */
async function resultOf(t, code, others, env = SERVER) {
  const worker = await startWorker(t, { a: caller(code), ...others }, env);
  const answer = await worker.invoke({ headers: A });
  assert.equal(answer.status, 200, answer.text);
  return { value: JSON.parse(answer.text).value, worker };
}

const ECHO = task(`exports.handler = (context, event) =>
  context.callback({ ...event, body: event.body.toString(), id: undefined, timestamp: undefined });`);

module.exports = { A, ECHO, resultOf, SERVER, TRACE, SPAN };
