import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Files, TestServer } from '../support/server.ts';
import { nodeTask, pythonTask, saying } from '../support/tasks.ts';

/** A Task that calls by name the Task that its event names, and answers with the status, or with what is raised. */
const CALLERS: Readonly<Record<'python' | 'nodejs', Files>> = {
  python: pythonTask(`import nuclio_sdk
def handler(context, event):
    try:
        return str(context.platform.call_function(event.body["name"], nuclio_sdk.Event(body={})).status_code)
    except OSError as error:
        return "raised: %s" % error
`),
  nodejs: nodeTask(`exports.handler = async (context, event) => {
  try {
    const { status_code } = await context.platform.call_function(JSON.parse(event.body.toString()).name, { body: {} });
    context.callback(String(status_code));
  } catch (error) {
    context.callback('raised: ' + error.cause.message);
  }
};
`),
};

describe('call_function of a Task that nobody has', () => {
  for (const [runtime, caller] of Object.entries(CALLERS)) {
    it(`is an error, as in Nuclio; a 404 of a Task is an answer: ${runtime}`, async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('caller', caller);
      const language = runtime as keyof typeof CALLERS;
      await server.deploy(
        'refusing',
        language === 'python'
          ? pythonTask("def handler(context, event):\n    return 404, 'no'\n")
          : nodeTask("exports.handler = (context) => context.callback([404, 'no']);\n"),
      );
      await server.deploy('other', saying('here', language));
      for (const setup of [[], [['caller', 'refusing']]]) {
        assert.equal((await server.changeSetup('PUT', setup)).status, 200);
        const call = async (name: string): Promise<string> => (await server.post('caller', { name })).text;
        assert.match(await call('nobody'), /^raised: No Task 'nobody' could be found/);
        assert.equal(await call('refusing'), '404');
        assert.equal(await call('other'), '200');
      }
    });
  }
});
