import { isMap, isScalar, isSeq, type Pair } from 'yaml';
import { parseQuantity } from '../../task/yaml/quantity.ts';
import { keyOf, spanOf } from '../../task/yaml/yamlPlaces.ts';
import type { ConfigText } from './configDocument.ts';
import type { Fix } from './configProblem.ts';
import { asYaml } from './yamlText.ts';

/** Quick fixes for a value of a wrong type. They keep what its author certainly meant. */
export function valueFixes(text: ConfigText, path: readonly string[]): Fix[] {
  const node = text.nodeAt(path);
  const field = FIELDS.find(({ at }) => at.length === path.length && at.every((key, index) => fits(key, path[index])));
  return field === undefined
    ? []
    : field.fixes({ text, node, path, written: isScalar(node) ? String(node.value) : '' });
}

interface Wrong {
  readonly text: ConfigText;
  readonly node: unknown;
  readonly path: readonly string[];
  /** The text of a scalar. */
  readonly written: string;
}

interface Field {
  /** `*` stands for any key. */
  readonly at: readonly string[];
  readonly fixes: (wrong: Wrong) => Fix[];
}

const fits = (key: string, actual: string | undefined): boolean =>
  key === '*' || key.toLowerCase() === actual?.toLowerCase();

const FIELDS: readonly Field[] = [
  ...['minReplicas', 'maxReplicas', 'replicas'].map((name): Field => ({ at: ['spec', name], fixes: asNumber({}) })),
  { at: ['spec', 'readinessTimeoutSeconds'], fixes: asNumber({ s: 1, m: 60 }) },
  { at: ['spec', 'disableDefaultHTTPTrigger'], fixes: asBoolean },
  { at: ['spec', 'build', 'commands'], fixes: asList },
  { at: ['spec', 'build', 'commands', '*'], fixes: asCommand },
  { at: ['spec', 'env'], fixes: asVariables },
  { at: ['spec', 'env', '*'], fixes: asVariable },
  { at: ['spec', 'env', '*', 'name'], fixes: asVariableName },
  { at: ['spec', 'resources', '*', '*'], fixes: asAmount },
  { at: ['spec', 'triggers', '*', 'kind'], fixes: asKind },
  { at: ['spec', 'triggers', '*', 'name'], fixes: asTriggerName },
  { at: ['spec', 'triggers', '*', 'disabled'], fixes: asBoolean },
  ...['numWorkers', 'maxWorkers'].map((name): Field => ({ at: ['spec', 'triggers', '*', name], fixes: asNumber({}) })),
  {
    at: ['spec', 'triggers', '*', 'workerAvailabilityTimeoutMilliseconds'],
    fixes: asNumber({ ms: 1, s: 1000, m: 60_000 }),
  },
  { at: ['spec', 'triggers', '*', 'attributes', '*'], fixes: asAmount },
];

/** @param units how much a unit behind the number stands for, in the field's own unit */
function asNumber(units: Readonly<Record<string, number>>): Field['fixes'] {
  return ({ node, text, written }) => {
    const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(written) ?? [];
    const factor = unit === '' ? 1 : units[unit.toLowerCase().replace(/^(ms|s|m)[a-z]*$/, '$1')];
    if (amount === undefined || factor === undefined) return [];
    const meant = String(Math.trunc(Number(amount) * factor));
    // A number that is not allowed.
    const isWritten = text.text.slice(...(spanOf(node) ?? [0, 0])) === meant;
    return isWritten ? [] : [replaced(text, node, meant)];
  };
}

function asBoolean({ text, node, written }: Wrong): Fix[] {
  const meant = /^(?:true|yes|y|on|1)$/i.test(written)
    ? 'true'
    : /^(?:false|no|n|off|0)$/i.test(written)
      ? 'false'
      : '';
  return meant === '' ? [] : [replaced(text, node, meant)];
}

/** Units are written as Kubernetes does: `128MB` is `128M`, `1 gib` is `1Gi`. */
function asAmount({ text, node, written }: Wrong): Fix[] {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(written) ?? [];
  if (amount === undefined) return [];
  const [, letter = '', binary = ''] = /^([kmgtpe])(i?)b?(?:yte)?s?$/i.exec(unit) ?? [];
  const byWord = /^(kilo|mega|giga|tera)bytes?$/i.exec(unit)?.[1]?.[0];
  const sign = (letter || byWord || '').toUpperCase();
  const meant = `${amount}${sign === 'K' && binary === '' ? 'k' : sign}${sign === '' ? '' : binary.toLowerCase()}`;
  const isNamed = sign !== '' || unit === '' || /^b(?:ytes?)?$/i.test(unit);
  return isNamed && meant !== written && parseQuantity(meant) > 0 ? [replaced(text, node, meant)] : [];
}

/** One command becomes the only item; the lines of a block become one item each. */
function asList({ text, node, written }: Wrong): Fix[] {
  if (!isScalar(node) || written.trim() === '') return [];
  const lines = node.type === 'BLOCK_LITERAL' ? written.split('\n') : [written];
  const commands = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (commands.length === 0 || commands.some((line) => line.endsWith('\\'))) return [];
  return asOneLine(text, node, `[${commands.map((one) => asYaml(one, true)).join(', ')}]`, 'list');
}

/** `echo a: b` is a map to YAML. */
function asCommand({ text, node }: Wrong): Fix[] {
  const span = spanOf(node);
  if (span === undefined || !isMap(node) || node.flow) return [];
  const written = text.text.slice(...span).trimEnd();
  if (written.includes('\n')) return [];
  return [{ kind: 'replace', text: JSON.stringify(written), as: 'quoted', at: text.placeOf(span) }];
}

/** Variables as a map, as other programs have them. */
function asVariables({ text, node }: Wrong): Fix[] {
  if (!isMap(node) || node.items.length === 0 || !node.items.every(isPlainPair)) return [];
  const items = node.items.map((pair) => variable(keyOf(pair), textOfValue(pair)));
  return asOneLine(text, node, `[${items.join(', ')}]`, 'list');
}

/** `- NAME=value`, and `- NAME: value`. */
function asVariable({ text, node, written }: Wrong): Fix[] {
  const span = spanOf(node);
  if (span === undefined) return [];
  const [, name, value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(written) ?? [];
  if (name !== undefined)
    return [{ kind: 'replace', text: variable(name, asYaml(value, true)), at: text.placeOf(span) }];
  return [];
}

/** Above `value`, a name with a value in it loses the value; else the value gets a line of its own. */
function asVariableName({ text, node, path, written }: Wrong): Fix[] {
  const item = text.nodeAt(path.slice(0, -1));
  if (node === undefined || !isMap(item)) return namedLike(text, item);
  const [, name, value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(written) ?? [];
  const span = spanOf(node);
  if (name === undefined || span === undefined) return [];
  const hasValue = item.items.some((pair) => /^value(From)?$/i.test(keyOf(pair)));
  if (hasValue || item.flow) {
    const more = hasValue ? '' : `, value: ${asYaml(value, true)}`;
    return [{ kind: 'replace', text: `${asYaml(name, true)}${more}`, at: text.placeOf(span) }];
  }
  const column = text.columnOf(item.range?.[0] ?? 0);
  const place = text.placeOf(span);
  const line = text.insertion(text.lineOf(span[0]) + 1, [`${' '.repeat(column)}value: ${asYaml(value)}`]);
  return line.kind === 'insert'
    ? [{ kind: 'replace', text: `${asYaml(name)}\n${line.text.replace(/\n$/, '')}`, at: place }]
    : [];
}

/** `- NAME: value` is meant as `- {name: NAME, value: value}`. */
function namedLike(text: ConfigText, item: unknown): Fix[] {
  if (!isMap(item) || item.flow || item.items.length !== 1) return [];
  const [pair] = item.items;
  const span = spanOf(item);
  if (pair === undefined || span === undefined || !isPlainPair(pair) || /^(name|value|valueFrom)$|=/i.test(keyOf(pair)))
    return [];
  const end = spanOf(pair.value)?.[1] ?? span[1];
  return [{ kind: 'replace', text: variable(keyOf(pair), textOfValue(pair)), at: text.placeOf([span[0], end]) }];
}

const isPlainPair = (pair: Pair): boolean => isScalar(pair.key) && (pair.value === null || isScalar(pair.value));
const textOfValue = ({ value }: Pair): string => (isScalar(value) ? JSON.stringify(String(value.value ?? '')) : '""');
const variable = (name: string, value: string): string => `{name: ${asYaml(name, true)}, value: ${value}}`;

function asKind({ text, node, path }: Wrong): Fix[] {
  const trigger = text.nodeAt(path.slice(0, -1));
  const span = spanOf(node);
  // A key without a value gets it behind its colon.
  if (span !== undefined && span[0] === span[1] && isMap(trigger)) {
    const pair = trigger.items.find((one) => fits('kind', keyOf(one)));
    const end = spanOf(pair?.key)?.[1];
    if (end === undefined || text.text[end] !== ':') return [];
    const rest = /^:\s?/.exec(text.text.slice(end, end + 2))?.[0].trimEnd().length ?? 1;
    const at = text.placeOf([end + rest, end + rest]);
    return ['http', 'cron'].map((kind) => ({ kind: 'replace', text: ` ${kind}`, at }));
  }
  if (node !== undefined || (trigger !== undefined && !isMap(trigger) && !isEmpty(trigger))) return [];
  return ['http', 'cron'].flatMap((kind) => text.insertionInto(path.slice(0, -1), `kind: ${kind}`) ?? []);
}

const isEmpty = (node: unknown): boolean => isScalar(node) && (node.range?.[0] ?? 0) === (node.range?.[1] ?? 0);

function asTriggerName({ text, node, path }: Wrong): Fix[] {
  return [text.replacement(node, path.at(-2) ?? '')];
}

/** A number or a boolean, which has no quotes. */
function replaced(text: ConfigText, node: unknown, value: string): Fix {
  const span = spanOf(node);
  return { kind: 'replace', text: value, ...(span === undefined ? {} : { at: text.placeOf(span) }) };
}

/** Replaces a value, which may have several lines, by one on a line. */
function asOneLine(text: ConfigText, node: unknown, value: string, as: 'list'): Fix[] {
  const span = spanOf(node);
  if (span === undefined || (isSeq(node) && node.flow !== true)) return [];
  const [from, to] = [span[0], span[0] + text.text.slice(...span).trimEnd().length];
  const start = text.placeOf([from, to]);
  const lines = text.lineOf(to) - text.lineOf(from);
  if (lines === 0) return [{ kind: 'replace', text: value, at: start, as }];
  return [
    { kind: 'replace', text: value, at: { ...start, to: text.placeOf([to, to]).from, toLine: start.line + lines }, as },
  ];
}
