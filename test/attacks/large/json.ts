import { type Attack, fill, json, MIB, many } from './attack.ts';

const groups = (count: number, prefix = 't'): string => JSON.stringify(many(count, (index) => [prefix + index]));
const group = (count: number, prefix = 't'): string => JSON.stringify([many(count, (index) => prefix + index)]);
const trace = (index: number): string =>
  JSON.stringify({
    trace: `${index}`.padStart(100, '0'),
    span: 's'.repeat(100),
    parent: 'p'.repeat(100),
    caller: 'c'.repeat(100),
    callee: 'd'.repeat(100),
    local: true,
    start: index,
    duration: 1,
    status: 200,
  });

const setup = (what: string, status: number, method: string, body: () => string): Attack =>
  json(`setup: ${what}`, status, method, '/-/setup', body);
const schedule = (what: string, status: number, body: () => string): Attack =>
  json(`schedule: ${what}`, status, 'PUT', '/-/schedule', body);
const traces = (what: string, status: number, body: () => string): Attack =>
  json(`traces: ${what}`, status, 'POST', '/-/traces', body);

/** Setups, schedules and traces. */
export const JSON_ATTACKS: readonly Attack[] = [
  setup('14,000 names by themselves', 413, 'PUT', () => groups(14_000)),
  setup('20,000 names in one group', 413, 'PUT', () => group(20_000)),
  setup('10,000 names by themselves', 200, 'PUT', () => groups(10_000)),
  setup('10,000 names in one group', 200, 'PUT', () => group(10_000)),
  setup('one name more', 413, 'PATCH', () => '[["x", "a"]]'),
  setup('10,000 names in pairs', 200, 'PUT', () => JSON.stringify(many(5000, (i) => [`a${i}`, `b${i}`]))),
  setup('5,000 other pairs of them', 200, 'PATCH', () => JSON.stringify(many(5000, (i) => [`a${i}`, `b${4999 - i}`]))),
  setup('no name of these', 200, 'PUT', () => '[]'),
  setup('10,000 names', 200, 'PATCH', () => group(10_000, 'o')),
  setup('few names more', 413, 'PATCH', () => '[["a"]]'),
  setup('no name', 200, 'PUT', () => '[]'),
  setup('one name again and again', 400, 'PUT', () => `[${Array(14_000).fill('["a"]').join(',')}]`),
  setup('one name again and again in one group', 400, 'PUT', () => `[[${Array(29_000).fill('"a"').join(',')}]]`),
  setup('wrong names', 400, 'PUT', () => `[[${Array(29_000).fill('"A"').join(',')}]]`),
  setup('long wrong names', 400, 'PUT', () => `[["${fill('a', MIB - 10)}"]]`),
  setup('names of wrong types', 400, 'PUT', () => `[[${Array(29_000).fill('1').join(',')}]]`),
  setup('empty groups', 400, 'PUT', () => `[${Array(14_000).fill('[]').join(',')}]`),
  setup('as many names as fit', 413, 'PUT', () => `[["a${many(190_000, String).join('","a').slice(0, 1_000_000)}"]]`),
  setup('wrong values', 413, 'PUT', () => `[${Array(500_000).fill(1).join()}]`),
  setup('brackets', 413, 'PUT', () => '['.repeat(1_000_000)),
  setup('as many brackets as may be', 400, 'PUT', () => `${'['.repeat(29_000)}${']'.repeat(29_000)}`),
  setup('a text of escapes', 400, 'PUT', () => `[["${fill(String.raw`\u0041`, MIB - 10)}"]]`),
  setup('a text of quotes', 400, 'PUT', () => `[["${fill(String.raw`\"`, MIB - 10)}"]]`),
  setup('an object with a key of escapes', 400, 'PUT', () => `{"${fill(String.raw`\u0041`, MIB - 10)}": 1}`),
  setup('a text without an end', 400, 'PUT', () => `[["${fill('\\\\', MIB - 10)}`),
  setup('spaces', 400, 'PUT', () => fill(' ', MIB)),
  setup('a number', 400, 'PUT', () => fill('1', MIB)),
  setup('zeros', 400, 'PUT', () => fill('\0', MIB)),
  schedule('unknown keys', 400, () => `{${many(29_000, (index) => `"t${index}":1`)}}`),
  schedule('maps in each other', 400, () => `${'{"a":'.repeat(29_000)}1${'}'.repeat(29_000)}`),
  schedule('wrong seconds', 400, () => `{"entries":{${many(14_000, (index) => `"t${index}":[]`)}}}`),
  schedule('14,000 entries', 200, () => `{"entries":{${many(14_000, (index) => `"${index}":[]`)}}}`),
  schedule('an entry that it does not have', 404, () => '{"apply":999999}'),
  schedule('another clock', 200, () => '{"clock":"restart"}'),
  schedule('9,000 entries of a group', 200, () => `{"entries":{${many(9_000, (index) => `"${index}":[["a"]]`)}}}`),
  schedule('an entry of 20,000 names', 413, () => `{"entries":{"0":${group(20_000)}}}`),
  schedule('an entry of 10,000 names', 200, () => `{"entries":{"0":${group(10_000)}}}`),
  schedule(
    'three entries of 4,500 names',
    200,
    () => `{"entries":{${many(3, (second) => `"${second}":${groups(4500)}`)}}}`,
  ),
  schedule('an entry to apply', 200, () => `{"apply":0}`),
  schedule('no entries', 200, () => '{"entries":{},"clock":"restart"}'),
  setup('no name, after a schedule', 200, 'PUT', () => '[]'),
  traces('wrong values', 413, () => `[${Array(300_000).fill('{}').join()}]`),
  traces('empty records', 400, () => `[${Array(14_000).fill('{}').join()}]`),
  ...many(10, (batch) => traces(`1,000 records (${batch})`, 204, () => `[${many(1000, trace)}]`)),
  traces(
    'records with other fields',
    204,
    () => `[${many(50, (index) => `${trace(index).slice(0, -1)},${many(500, (key) => `"k${key}":0`)}}`)}]`,
  ),
  traces('a long name', 400, () => `[${trace(1).replace('s'.repeat(100), fill('s', MIB - 2000))}]`),
];
