export const RUNTIMES = ['python', 'nodejs'] as const;
export type TemplateRuntime = (typeof RUNTIMES)[number];

/** A new Task's files, by their names. */
export function templateOf(runtime: TemplateRuntime, name: string): Record<string, string> {
  return { 'function.yaml': functionYaml(runtime, name), ...(runtime === 'python' ? { 'main.py': PYTHON } : { 'main.js': NODEJS }) };
}

const functionYaml = (runtime: TemplateRuntime, name: string): string => `metadata:
  name: ${name}
spec:
  runtime: ${runtime}
  handler: main:handler
  # Packages that the Task needs are installed by build commands:
  # build:
  #   commands:
  #     - ${runtime === 'python' ? 'pip install requests' : 'npm install lodash'}
`;

const PYTHON = `def handler(context, event):
    context.logger.info_with("Greeting", path=event.path)
    # A body that is sent as application/json is a dict already.
    body = event.body if isinstance(event.body, dict) else {}
    return {"message": f"Hello, {body.get('name', 'world')}!"}

# A third parameter calls other Tasks, locally when they are fused with this one:
#
# def handler(context, event, requests_session):
#     server = event.headers["Fusionizer-Server-Address"]
#     answer = requests_session.post(f"http://{server}:8000/other-task", json={"n": 1})
#     return answer.json()
`;

const NODEJS = `exports.handler = (context, event) => {
  context.logger.infoWith('Greeting', { path: event.path });
  // The body is a Buffer, whatever was sent.
  const body = event.body.length > 0 ? JSON.parse(event.body.toString()) : {};
  context.callback({ message: \`Hello, \${body.name ?? 'world'}!\` });
};

// A third parameter calls other Tasks, locally when they are fused with this one:
//
// exports.handler = async (context, event, session) => {
//   const server = event.headers['Fusionizer-Server-Address'];
//   const answer = await session.post(\`http://\${server}:8000/other-task\`, { json: { n: 1 } });
//   context.callback(await answer.json());
// };
`;
