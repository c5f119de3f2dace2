import { type Attack, fill, MIB, many } from './attack.ts';

/** Node.js takes 16 KiB of headers, the target included. */
const LONG = 15_000;

const get = (what: string, status: number, target: string, headers: Record<string, string> = {}): Attack => ({
  what,
  status,
  method: 'GET',
  target,
  headers,
});

const invoke = (what: string, status: number, target: string, type: string, body: () => string | Buffer): Attack => ({
  what,
  status,
  method: 'POST',
  target,
  headers: { 'Content-Type': type },
  body,
});

const form = (what: string, status: number, boundary: string, body: () => string): Attack => ({
  what: `form: ${what}`,
  status,
  method: 'PUT',
  target: '/evil',
  headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  body,
});

/** A Task that repeats what it gets. It has to be deployed under the name `print`. */
export const PRINT = `
exports.handler = (context, event) => {
  const text = event.body.toString();
  if (event.path === '/throw') throw new Error(text);
  if (event.path === '/log') for (const line of text.split('\\n')) context.logger.info(line);
  else if (event.path === '/headers') {
    const headers = Object.fromEntries(text.split('\\n').map((line, index) => ['x-' + index, line]));
    return context.callback(new context.Response('', headers));
  } else console.log(text);
  context.callback('done');
};
`;

/** Addresses, headers, forms, events, and questions for what the server has kept. */
export const HTTP_ATTACKS: readonly Attack[] = [
  get('a long name', 422, `/${'a'.repeat(LONG)}`),
  get('a name of escapes', 422, `/${'%41'.repeat(LONG / 3)}`),
  get('a name of wrong escapes', 400, `/${'%zz'.repeat(LONG / 3)}`),
  get('an address of slashes', 404, '/'.repeat(LONG)),
  get('a control address of slashes', 404, `/-${'/a'.repeat(LONG / 2)}`),
  get('a query of many fields', 200, `/-/traces?${fill('a&', LONG)}`),
  get('a query of brackets', 200, `/-/traces?a${'[a]'.repeat(LONG / 3)}=1`),
  get('a field again and again', 400, `/-/traces?${fill('task=a&', LONG)}`),
  get('names of events', 400, `/-/events?names=${fill('setup,', LONG)}x`),
  get('many headers', 200, '/-/health', Object.fromEntries(many(1500, String).map((index) => [`a${index}`, 'b']))),
  get('a long cookie', 200, '/-/health', { Cookie: fill('a;', LONG) }),
  get('a long Accept', 404, '/-/none', { Accept: fill('a,', LONG) }),
  get('a long Last-Event-ID of HEAD', 200, '/-/tasks', { 'Last-Event-ID': fill('a', LONG) }),
  get('a long If-Match', 200, '/-/setup', { 'If-Match': fill('"1",', LONG) }),
  get('a long range', 200, '/-/tasks', { Range: `bytes=${fill('0-1,', LONG)}` }),
  get('a long Host', 403, '/-/health', { Host: fill('a.', LONG) }),
  get('the description', 200, '/-/openapi.json'),
  get('the page', 200, '/-/docs'),
  get('metrics', 200, '/-/metrics'),
  get('traces', 200, '/-/traces'),
  get('traces of a trace', 200, `/-/traces?trace=${'0'.repeat(90)}`),
  get('traces of a Task', 200, `/-/traces?task=${'d'.repeat(100)}`),
  get('logs', 200, '/-/logs'),
  get('the newest logs', 200, '/-/logs?lines=1'),
  get('logs of a trace', 200, `/-/logs?trace=${'0'.repeat(LONG)}`),
  get('logs since then', 200, '/-/logs?since=999999999999999.999999999'),
  get('the Tasks', 200, '/-/tasks'),
  get('the environments', 200, '/-/environments'),
  form('parts', 400, 'b', () => fill('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n', MIB)),
  form('headers of a part', 400, 'b', () => `--b\r\n${fill('a: b\r\n', MIB - 20)}\r\n\r\n`),
  form(
    'a header of a part',
    400,
    'b',
    () => `--b\r\nContent-Disposition: form-data; ${fill('a=b;', MIB - 200)}\r\n\r\n`,
  ),
  form('a boundary again and again', 400, 'b'.repeat(60), () => fill(`\r\n--${'b'.repeat(59)}`, MIB)),
  form('line ends', 400, 'b', () => fill('\r\n', MIB)),
  form(
    'a field',
    400,
    'b',
    () => `--b\r\nContent-Disposition: form-data; name="zip_file"\r\n\r\n${fill('a', MIB - 90)}`,
  ),
  invoke('an event of JSON brackets', 200, '/a', 'application/json', () => fill('[', MIB)),
  invoke('an event of JSON escapes', 200, '/a', 'application/json', () => `"${fill(String.raw`\u0041`, MIB - 2)}"`),
  invoke('an event of zeros', 200, '/a', 'application/octet-stream', () => Buffer.alloc(MIB)),
  invoke('an event with a form', 200, '/a', 'application/x-www-form-urlencoded', () => fill('a=b&', MIB)),
  invoke('an event with a long query', 200, `/a/?${fill('a&', LONG)}`, 'text/plain', () => 'x'),
  invoke('an event with a long path', 200, `/a/${fill('../b/', LONG)}`, 'text/plain', () => 'x'),
  invoke('a text that its Task prints', 200, '/print/', 'text/plain', () => fill('\n', MIB)),
  invoke('a text that its Task prints in short lines', 200, '/print/', 'text/plain', () => fill('a\n', MIB)),
  invoke('a text that its Task logs in short lines', 200, '/print/log', 'text/plain', () => fill('a\n', MIB / 16)),
  invoke('a text that its Task throws', 500, '/print/throw', 'text/plain', () => fill('File "/a/b", line 3\n', MIB)),
  invoke('a text of which its Task makes headers', 500, '/print/headers', 'text/plain', () => fill('a\n', MIB / 4)),
  get('logs after that', 200, '/-/logs'),
  invoke('an event of no Task', 422, `/${'b'.repeat(40)}`, 'text/plain', () => fill('x', MIB)),
];
