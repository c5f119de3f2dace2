import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';

export const RUNTIMES = ['python', 'nodejs'] as const;
export type TemplateRuntime = (typeof RUNTIMES)[number];

/**
 * `plain` only answers; `call` also calls another Task; `cron` also runs by itself; `packages` installs a package with
 * a build command.
 */
export const TEMPLATES = ['plain', 'call', 'cron', 'packages'] as const;
export type TemplateKind = (typeof TEMPLATES)[number];

export interface Template {
  readonly runtime: TemplateRuntime;
  readonly kind: TemplateKind;
  /** The Task that a `call` template calls. */
  readonly callee?: string | undefined;
}

/** The default Task that a `call` template calls. */
export const CALLEE = 'hello';

/** The contents of a new Task's files, by their names. */
export function templateOf(template: Template, name: string): Record<string, string> {
  const { runtime, kind, callee = CALLEE } = template;
  const head = `metadata:\n  name: ${name}\nspec:\n  runtime: ${runtime}\n  handler: main:handler\n`;
  const config = head + SPEC[kind](runtime);
  const handler = (runtime === 'python' ? PYTHON : NODEJS)[kind].replaceAll('CALLEE', callee);
  return { 'function.yaml': config, [HANDLER_FILES[runtime]]: handler };
}

/** The file with the handler in the templates. */
export const HANDLER_FILES: Record<TemplateRuntime, string> = { python: 'main.py', nodejs: 'main.js' };

/**
 * Writes a new Task's files into a new or empty folder. It never overwrites a file, even one that appears after the
 * check for an empty folder.
 * @returns the names of the files
 * @throws FusionizerError `malformed` for a folder that is not empty
 */
export async function writeTask(folder: string, template: Template, name: string): Promise<string[]> {
  await makeEmpty(folder);
  const files = templateOf(template, name);
  for (const [file, content] of Object.entries(files))
    await writeFile(path.join(folder, file), content, { flag: 'wx' });
  return Object.keys(files);
}

async function makeEmpty(folder: string): Promise<void> {
  const name = path.basename(folder);
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST')
      throw new FusionizerError('malformed', `${name} exists already and is not a folder: choose another name`, {
        cause,
      });
    throw cause;
  });
  if ((await readdir(folder)).length > 0)
    throw new FusionizerError('malformed', `The folder ${name} exists already and is not empty: choose another name`);
}

const INSTALL: Record<TemplateRuntime, { some: string; used: string }> = {
  python: { some: 'pip install requests', used: 'pip install humanize' },
  nodejs: { some: 'npm install lodash', used: 'npm install dayjs' },
};

const SPEC: Record<TemplateKind, (runtime: TemplateRuntime) => string> = {
  plain: (runtime) => `  # Build commands install the packages that the Task needs:
  # build:
  #   commands:
  #     - ${INSTALL[runtime].some}
`,
  call: () => '',
  cron: () => `  triggers:
    every-minute:
      kind: cron
      attributes:
        # For fixed times, in UTC, use instead: schedule: "0 8 * * *"
        interval: 1m
`,
  packages: (runtime) => `  build:
    commands:
      - ${INSTALL[runtime].used}
`,
};

const PYTHON: Record<TemplateKind, string> = {
  plain: `def handler(context, event):
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
`,
  call: `# The Task that is called: deploy it too.
OTHER = "CALLEE"


def handler(context, event, requests_session):
    server = event.headers["Fusionizer-Server-Address"]
    body = event.body if isinstance(event.body, dict) else {}
    # A local call when both Tasks are fused, else one through the server.
    answer = requests_session.post(f"http://{server}:8000/{OTHER}", json=body)
    return {"called": OTHER, "status": answer.status_code, "answer": answer.text}
`,
  cron: `def handler(context, event):
    # The Task answers requests too.
    by_itself = event.trigger.kind == "cron"
    context.logger.info_with("Tick", by_itself=by_itself)
    return {"by_itself": by_itself}
`,
  packages: `import humanize


def handler(context, event):
    body = event.body if isinstance(event.body, dict) else {}
    return {"size": humanize.naturalsize(body.get("bytes", 1_000_000))}
`,
};

const NODEJS: Record<TemplateKind, string> = {
  plain: `exports.handler = (context, event) => {
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
`,
  call: `// The Task that is called: deploy it too.
const OTHER = 'CALLEE';

exports.handler = async (context, event, session) => {
  const server = event.headers['Fusionizer-Server-Address'];
  const body = event.body.length > 0 ? JSON.parse(event.body.toString()) : {};
  // A local call when both Tasks are fused, else one through the server.
  const answer = await session.post(\`http://\${server}:8000/\${OTHER}\`, { json: body });
  context.callback({ called: OTHER, status: answer.status, answer: await answer.text() });
};
`,
  cron: `exports.handler = (context, event) => {
  // The Task answers requests too.
  const byItself = event.trigger.kind === 'cron';
  context.logger.infoWith('Tick', { byItself });
  context.callback({ by_itself: byItself });
};
`,
  packages: `const dayjs = require('dayjs');

exports.handler = (context, event) => {
  const body = event.body.length > 0 ? JSON.parse(event.body.toString()) : {};
  context.callback({ day: dayjs(body.date ?? '2024-02-28').add(1, 'day').format('dddd') });
};
`,
};
