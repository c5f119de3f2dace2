import JSZip from 'jszip';

export type Runtime = 'python' | 'nodejs';

const yaml = (runtime: Runtime, workers: number): string =>
  `spec:\n  runtime: ${runtime}\n  handler: main:handler\n` +
  `  triggers:\n    http: {kind: http, numWorkers: ${workers}}\n`;

const HANDLERS = {
  answer: {
    python: 'def handler(context, event):\n    return {"n": event.body["n"]}\n',
    nodejs: 'exports.handler = (context, event) => context.callback({ n: JSON.parse(event.body.toString()).n });\n',
  },
  call: {
    python:
      'def handler(context, event, session):\n    host = event.headers["Fusionizer-Server-Address"]\n' +
      '    return session.post("http://%s:8000/callee" % host, json=event.body).json()\n',
    nodejs:
      'exports.handler = async (context, event, session) => {\n' +
      "  const url = 'http://' + event.headers['Fusionizer-Server-Address'] + ':8000/callee';\n" +
      '  const answer = await session.post(url, { json: JSON.parse(event.body.toString()) });\n' +
      '  context.callback(await answer.json());\n};\n',
  },
};

/** A Task that answers with the number in the event, or calls `callee` and returns its answer. */
export async function taskZip(
  kind: keyof typeof HANDLERS,
  runtime: Runtime,
  workers: number,
  note = '',
): Promise<Uint8Array> {
  const zip = new JSZip();
  zip.file('function.yaml', yaml(runtime, workers));
  zip.file(
    runtime === 'python' ? 'main.py' : 'main.js',
    HANDLERS[kind][runtime] + (note === '' ? '' : `${runtime === 'python' ? '#' : '//'} ${note}\n`),
  );
  return zip.generateAsync({ type: 'uint8array' });
}
