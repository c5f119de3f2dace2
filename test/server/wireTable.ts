import http from 'node:http';
import type { Runtime } from '../support/tasks.ts';

/** A call that a Task makes, and what it gets. */
export interface Sent {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Whether redirects are followed; default false. */
  follow?: boolean;
}
export interface Outcome {
  /** The class of what the client throws. */
  error?: string;
  status?: number;
  reason?: string;
  headers?: Record<string, string>;
  /** Base64. */
  body?: string;
}

const shown = '/probe/shown';

/** Characters at the borders of what a header can hold: at its beginning, within it and at its end. */
const CHARACTERS = [...'\0\x01\t\n\v\f\r\x1b\x1c\x1f !"(),/:;=@[]^~\x7f\x80\x85\xa0\xe9\xff\u0100\u20ac\u2028', '😀'];
const values = CHARACTERS.flatMap((char) => [`a${char}b`, `${char}b`, `a${char}`]);
const names = CHARACTERS.flatMap((char) => [`X-${char}-A`, `X-A${char}`]);

const headers = (...list: Record<string, string>[]): Sent[] =>
  list.map((one) => ({ method: 'POST', path: shown, headers: one, body: 'x' }));

export const REQUESTS: Sent[] = [
  ...headers(
    ...values.map((value) => ({ 'X-T': value })),
    ...names.map((name) => ({ [name]: '1' })),
    ...['', ' ', '\t', 'a  b', 'a,b', 'café', Buffer.from('café €').toString('latin1')].map((value) => ({
      'X-T': value,
    })),
    ...['', 'x', 'X', 'x-LOWER-case', 'X_Y', '1-a', '--', 'task-name', 'traceparent', 'Fusionizer-Event'].map(
      (name) => ({ [name]: '1' }),
    ),
    // About the limit of 16 KiB, which is for all headers and the address together.
    ...[1000, 8000, 14_000, 15_000, 17_000, 40_000].map((size) => ({ 'X-T': 'x'.repeat(size) })),
    ...[100, 500, 1100].map((count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`X-${at}`, '']))),
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Dest': 'serviceworker' },
    { 'Access-Control-Request-Method': 'POST' },
    { Cookie: 'a=b; fusionizer_token_80=c' },
    { Cookie: 'a=b' },
    { Authorization: 'Bearer other' },
    { 'Content-Type': 'text/x; charset=é' },
    { 'Content-Type': 'application/json' },
    { Accept: 'text/x' },
    { 'Accept-Encoding': 'identity' },
    { 'User-Agent': 'me' },
  ),
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].flatMap((method) => [
    { method, path: shown },
    ...(method === 'GET' || method === 'HEAD' ? [] : [{ method, path: shown, body: 'x' }]),
  ]),
  ...['get', 'Post', 'PROPFIND', 'QUERY', 'FOO', 'M-SEARCH', 'foo', 'A B', 'GÉT', '', 'CONNECT!'].map((method) => ({
    method,
    path: shown,
  })),
  ...['/a%20b', '/a b', '/ü', '/%FF', '/a?b=ü&c=%FF', '/x/../y', '/x/%2e%2e/y', '/__internal/health', '/?', '/#f'].map(
    (target) => ({ method: 'GET', path: shown + target }),
  ),
  { method: 'GET', path: `${shown}?${'q'.repeat(20_000)}` },
];

/** The probe answers with the value of this code. */
const answering = (code: string): Sent => ({ method: 'POST', path: '/probe/answer', body: code });

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  type?: string;
  body?: string;
}

const inCode: Record<Runtime, (answer: Answer) => string> = {
  python: ({ status = 200, headers: given = {}, type = 'text/plain', body = 'x' }) =>
    `context.Response(${ascii(given)}, ${ascii(body)}, ${ascii(type)}, ${status})`,
  nodejs: ({ status = 200, headers: given = {}, type = 'text/plain', body = 'x' }) =>
    `new context.Response(${ascii(body)}, ${ascii(given)}, ${ascii(type)}, ${status})`,
};

/** A literal that both languages read alike. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const FIELDS: Answer[] = [
  ...[...values, '', ' ', '  a  ', 'a\r\nX-B: b', 'x'.repeat(9000), 'é'.repeat(3000)].flatMap((value) => [
    { headers: { 'X-T': value } },
    { type: value },
  ]),
  ...names.map((name) => ({ headers: { [name]: '1' } })),
  ...[
    'Server',
    'Date',
    'Connection',
    'Keep-Alive',
    'Content-Length',
    'Content-Type',
    'Transfer-Encoding',
    'Fusionizer-Trace-Id',
    'X-Nuclio-Logs',
    'ETag',
    'Vary',
    'Trailer',
    'TE',
    'Expect',
    'Upgrade',
    'WWW-Authenticate',
    '',
  ].map((name) => ({ headers: { [name]: 'mine' } })),
  { headers: { 'X-T': '1', 'x-t': '2', 'X-t': '3' } },
  ...[50, 92, 93, 94, 95, 200].map((count) => ({
    headers: Object.fromEntries(Array.from({ length: count }, (_, at) => [`X-${at}`, 'v'])),
  })),
  ...[15_000, 17_000, 65_000, 70_000].map((size) => ({ headers: { 'X-T': 'x'.repeat(size) } })),
  ...[-1, 0, 1, 99, 199, 299, 399, 499, 599, 600, 999, 1000].map((status) => ({ status })),
  ...[204, 205, 304, 404].map((status) => ({ status, body: '' })),
  ...Object.keys(http.STATUS_CODES).map((status) => ({ status: Number(status), headers: { 'X-T': '1' }, body: '' })),
];

const PLACES = [
  '/probe/shown/grüße/€',
  '/probe/shown/gr%C3%BC',
  '/probe/shown/a b',
  '/probe/shown?q=ü',
  '/probe/shown/😀',
];

const answers = (runtime: Runtime): Sent[] => [
  ...FIELDS.map((answer) => answering(inCode[runtime](answer))),
  ...PLACES.map((place) => ({
    ...answering(inCode[runtime]({ status: 302, headers: { Location: place }, body: '' })),
    follow: true,
  })),
];

export const ANSWERS: Record<Runtime, Sent[]> = { python: answers('python'), nodejs: answers('nodejs') };
