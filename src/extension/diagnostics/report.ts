import { textMask } from '../../secrets/mask.ts';

/** The facts of a bug report. */
export interface Diagnosis {
  readonly versions: Readonly<Record<string, string>>;
  readonly server: Readonly<Record<string, string>>;
  /** The settings that differ from their defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tasks: readonly {
    readonly name: string;
    readonly state: string;
    readonly runtime: string;
    readonly version: string;
    readonly group: string;
  }[];
  /** The last error of each Task and of the server. */
  readonly errors: readonly { readonly of: string; readonly message: string }[];
}

/** The report as Markdown. @param secrets are masked, as are passwords in addresses */
export function markdownOf(diagnosis: Diagnosis, secrets: Iterable<string>): string {
  const { versions, server, settings, tasks, errors } = diagnosis;
  const list = (entries: readonly (readonly [string, string])[]): string =>
    entries.map(([name, value]) => `- ${name}: ${value}`).join('\n') || '- none';
  const rows = tasks.map(
    ({ name, state, runtime, version, group }) => `| ${[name, state, runtime, version, group].map(cell).join(' | ')} |`,
  );
  const parts = [
    '### Fusionizer for Nuclio',
    list(Object.entries(versions)),
    '#### Server',
    list(Object.entries(server)),
    '#### Settings that differ from their defaults',
    list(Object.entries(settings).map(([name, value]) => [`\`${name}\``, `\`${JSON.stringify(value)}\``])),
    '#### Tasks',
    rows.length === 0
      ? '- none'
      : ['| Task | State | Runtime | Version | Group |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
    '#### Last errors',
    errors.map(({ of, message }) => `${of}:\n\n${fenced(message)}`).join('\n\n') || '- none',
  ];
  return `${textMask(secrets)(parts.join('\n\n'))}\n`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** A code block whose fence is longer than any in the text. */
function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}text\n${text.trimEnd()}\n${fence}`;
}
