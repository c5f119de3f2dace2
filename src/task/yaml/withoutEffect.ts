import type { FieldPath } from './nuclioFields.ts';

/** A field that is legal, but does not do what its author expects. */
export interface FieldWarning {
  readonly path: FieldPath;
  readonly message: string;
}

/**
 * Fields whose loss changes what a Task does, and why they have no effect. Fields about images, pods and scaling are
 * accepted without a word, so that one function.yaml serves all platforms (docs/differences.md).
 */
const IGNORED: readonly [path: FieldPath, isSet: (value: unknown) => boolean, advice: string][] = [
  [['spec', 'build', 'directives'], isFilled, 'write its RUN lines as spec.build.commands'],
  [['spec', 'build', 'functionSourceCode'], isText, "the Task's own files run, so remove it"],
  [
    ['spec', 'build', 'codeEntryType'],
    // An export of a built function says image.
    (value) => isText(value) && value !== 'sourceCode' && value !== 'image',
    "the Task's own files run, so put the code beside function.yaml",
  ],
  [['spec', 'envFrom'], isFilled, 'write the variables into spec.env, or secret ones with valueFrom and a file .env'],
  [['spec', 'disable'], (value) => value === true, 'the Task runs, so delete it if it should not'],
];

/** Fields of a configuration that have no effect, or only the last of several. */
export function withoutEffect(config: unknown): FieldWarning[] {
  const ignored = IGNORED.flatMap(([path, isSet, advice]): FieldWarning[] =>
    isSet(valueAt(config, path))
      ? [{ path, message: `${path.join('.')} has no effect on the embedded platform: ${advice}` }]
      : [],
  );
  return [...ignored, ...repeatedVariables(config), ...emptyCommands(config)];
}

/** Of a variable that is there twice, the last value counts. */
function repeatedVariables(config: unknown): FieldWarning[] {
  const known = new Set<unknown>();
  return itemsAt(config, ['spec', 'env']).flatMap((variable, index): FieldWarning[] => {
    const name = valueAt(variable, ['name']);
    if (typeof name !== 'string' || !known.has(name)) return known.add(name) && [];
    const path = ['spec', 'env', String(index)];
    return [{ path, message: `spec.env has '${name}' twice, and this value counts: keep one of them` }];
  });
}

function emptyCommands(config: unknown): FieldWarning[] {
  return itemsAt(config, ['spec', 'build', 'commands']).flatMap((command, index): FieldWarning[] => {
    if (typeof command !== 'string' || command.trim() !== '') return [];
    const path = ['spec', 'build', 'commands', String(index)];
    return [{ path, message: `${path.join('.')} is empty, and Nuclio's build fails for it: remove it` }];
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

const valueAt = (value: unknown, path: FieldPath): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);

function itemsAt(value: unknown, path: FieldPath): unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}
