import { messageOf } from '../../shared/errors.ts';
import { nearName } from '../../shared/nearName.ts';
import { readCronTrigger } from '../../task/triggers/cronTrigger.ts';
import { OTHER_TRIGGER_KINDS } from '../../task/yaml/functionYaml.ts';
import { entryOf, spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { ConfigProblem, Fix } from './configProblem.ts';

/** Finds triggers that work nowhere, or only on a real Nuclio. */
export function triggerProblems({ text, yaml }: Checked): ConfigProblem[] {
  const node = valueAt(text.root, 'spec', 'triggers');
  return Object.entries(yaml.config.spec?.triggers ?? {}).flatMap(([key, trigger]): ConfigProblem[] => {
    const { kind } = trigger;
    if (kind === 'http') return [];
    if (kind === 'cron') {
      try {
        readCronTrigger(key, trigger);
        return [];
      } catch (error) {
        return [
          text.problem(
            spanOf(entryOf(node, key)?.key),
            'error',
            'trigger',
            messageOf(error).replace('function.yaml: ', ''),
          ),
        ];
      }
    }
    const span = spanOf(valueAt(node, key, 'kind'));
    if (OTHER_TRIGGER_KINDS.has(kind)) {
      const message =
        'The embedded platform has http and cron triggers only: ' +
        `a Task with a ${kind} trigger needs a real Nuclio, on Docker or Kubernetes`;
      return [text.problem(span, 'information', 'trigger-platform', message)];
    }
    const meant = nearName(kind, ['http', 'cron', ...OTHER_TRIGGER_KINDS]);
    const fixes: Fix[] = meant === undefined ? [] : [{ kind: 'replace', text: meant }];
    const question = meant === undefined ? ': write http or cron' : `: did you mean '${meant}'?`;
    return [text.problem(span, 'error', 'trigger', `No Nuclio has triggers of kind '${kind}'${question}`, fixes)];
  });
}
