import type { Files } from './server.ts';

export type Runtime = 'python' | 'nodejs';

export function functionYaml(runtime: string, spec = ''): string {
  return (
    `apiVersion: nuclio.io/v1\nkind: NuclioFunction\nspec:\n  runtime: ${runtime}\n  handler: ` +
    `main:handler\n${spec}`
  );
}

/** A Node.js Task of one file. */
export const nodeTask = (code: string, spec = ''): Files => ({
  'function.yaml': functionYaml('nodejs', spec),
  'main.js': code,
});

/** A Python Task of one file. */
export const pythonTask = (code: string, spec = '', runtime = 'python'): Files => ({
  'function.yaml': functionYaml(runtime, spec),
  'main.py': code,
});

/** For `functionYaml`: these build commands. */
export const commands = (...list: string[]): string =>
  `  build:\n    commands:\n${list.map((command) => `      - ${JSON.stringify(command)}\n`).join('')}`;

/** A Task that answers with a fixed text. */
export function saying(text: string, runtime: Runtime = 'nodejs', spec = ''): Files {
  return runtime === 'python'
    ? {
        'function.yaml': functionYaml('python', spec),
        'main.py': `def handler(context, event):\n    return ${JSON.stringify(text)}\n`,
      }
    : {
        'function.yaml': functionYaml('nodejs', spec),
        'main.js': `exports.handler = (context) => context.callback(${JSON.stringify(text)});\n`,
      };
}

/** A Task that calls another one by its URL and answers with `<name>(<answer>)`. */
export function calling(name: string, callee: string, runtime: Runtime = 'nodejs', spec = ''): Files {
  return runtime === 'python'
    ? {
        'function.yaml': functionYaml('python', spec),
        'main.py': [
          'def handler(context, event, requests_session):',
          '    host = event.headers["Fusionizer-Server-Address"]',
          `    answer = requests_session.post(f"http://{host}:8000/${callee}", json=event.body)`,
          `    return (answer.status_code, f"${name}({answer.text})")`,
          '',
        ].join('\n'),
      }
    : {
        'function.yaml': functionYaml('nodejs', spec),
        'main.js': [
          'exports.handler = async (context, event, session) => {',
          "  const host = event.headers['Fusionizer-Server-Address'];",
          `  const answer = await session.post(\`http://\${host}:8000/${callee}\`, { json: ` +
            'JSON.parse(event.body.toString()) });',
          `  context.callback([answer.status, \`${name}(\${await answer.text()})\`]);`,
          '};',
          '',
        ].join('\n'),
      };
}
