import { FusionizerError } from '../../shared/errors.ts';
import { nearName } from '../../shared/nearName.ts';
import { timeoutFault } from '../../task/goDuration.ts';
import { readCronTrigger } from '../../task/triggers/cronTrigger.ts';
import { checkWorkers } from '../../task/triggers/workers.ts';
import { OTHER_TRIGGER_KINDS, type Trigger } from '../../task/yaml/functionYaml.ts';
import { fieldSpan, spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { ConfigProblem, Fix } from './configProblem.ts';

/** What a trigger of another product, or a thing that it does, is called in Nuclio. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  timer: 'cron',
  schedule: 'cron',
  scheduled: 'cron',
  interval: 'cron',
  rest: 'http',
  web: 'http',
  webhook: 'http',
  api: 'http',
  amqp: 'rabbit-mq',
};

/** Finds triggers that work nowhere, or only on a real Nuclio, and times that are none. */
export function triggerProblems(checked: Checked): ConfigProblem[] {
  const { yaml } = checked;
  const triggers = Object.entries(yaml.config.spec?.triggers ?? {});
  return [...timeoutProblems(checked), ...triggers.flatMap(([key, trigger]) => problemsOf(checked, key, trigger))];
}

function problemsOf(checked: Checked, key: string, trigger: Trigger): ConfigProblem[] {
  const { text, yaml } = checked;
  const { kind } = trigger;
  const node = valueAt(text.root, 'spec', 'triggers', key, 'kind');
  if (kind === 'http' || kind === 'cron') {
    try {
      if (kind === 'http') checkWorkers(key, trigger);
      else readCronTrigger(key, trigger);
      return [];
    } catch (error) {
      if (!(error instanceof FusionizerError)) throw error;
      const path = error.keys ?? ['spec', 'triggers', key];
      const message = error.message.replace('function.yaml: ', '');
      const fixes = path.at(-1) === 'interval' ? durationFix(checked, path) : [];
      return [text.problem(fieldSpan(yaml.document, path, path.length === 3), 'error', 'trigger', message, fixes)];
    }
  }
  const span = spanOf(node);
  if (OTHER_TRIGGER_KINDS.has(kind)) {
    const message =
      'The embedded platform has http and cron triggers only: ' +
      `a Task with a ${kind} trigger needs a real Nuclio, on Docker or Kubernetes`;
    return [text.problem(span, 'information', 'trigger-platform', message)];
  }
  const meant = OTHER_NAMES[kind.toLowerCase()] ?? nearName(kind, ['http', 'cron', ...OTHER_TRIGGER_KINDS]);
  const fixes = (meant === undefined ? ['http', 'cron'] : [meant]).map((one) => text.replacement(node, one));
  const question = meant === undefined ? ': write http or cron' : `: did you mean '${meant}'?`;
  return [text.problem(span, 'error', 'trigger', `No Nuclio has triggers of kind '${kind}'${question}`, fixes)];
}

function timeoutProblems(checked: Checked): ConfigProblem[] {
  const { text, yaml } = checked;
  const message = timeoutFault(yaml.config.spec?.eventTimeout);
  const path = ['spec', 'eventTimeout'];
  if (message === undefined) return [];
  return [text.problem(fieldSpan(yaml.document, path), 'error', 'invalid', message, durationFix(checked, path))];
}

const UNITS: Readonly<Record<string, string>> = {
  '': 's',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hr: 'h',
  hour: 'h',
  hours: 'h',
  msec: 'ms',
  millis: 'ms',
  milliseconds: 'ms',
  ...Object.fromEntries(['ms', 's', 'm', 'h'].map((unit) => [unit, unit])),
};

/** A number without a unit means seconds, and longer names of units their short ones. */
function durationFix({ text }: Checked, path: readonly string[]): Fix[] {
  const node = text.nodeAt(path);
  const span = spanOf(node);
  const written = span === undefined ? '' : text.text.slice(...span).replace(/^(["'])(.*)\1$/, '$2');
  const [, amount, word = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(written) ?? [];
  const unit = UNITS[word.toLowerCase()];
  const meant = `${amount}${unit}`;
  return amount === undefined || Number(amount) === 0 || unit === undefined || meant === written
    ? []
    : [text.replacement(node, meant)];
}
