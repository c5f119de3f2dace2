import * as z from 'zod';
import { parseQuantity } from './quantity.ts';

/**
 * The fields of function.yaml that are read here, and the messages about faults in them. All other fields are kept
 * unchanged.
 */

/** The most that a message quotes of a wrong value, in characters. */
const MAX_SHOWN = 60;

/** A description of a wrong value, for a person. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a map';
  return typeof value === 'string'
    ? JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value)
    : String(value);
}

/** The message about a wrong value. It follows the field's path. */
const wrong = (value: unknown, expected: string): string => `is ${shown(value)}: write ${expected}`;

const EXPECTED: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, or remove the field',
  object: 'a map of fields and their values, or remove the field',
  record: 'a map of names and their values, or remove the field',
};

const STRUCTURES = new Set(['array', 'object', 'record']);

/** The message for an issue that zod found; undefined for zod's own message. */
export function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_small') return wrong(issue.input, `a number from ${issue.minimum}`);
  if (issue.code === 'too_big') return wrong(issue.input, `a number up to ${issue.maximum}`);
  if (issue.code !== 'invalid_type') return undefined;
  const scalar = { string: 'text', number: 'a number', boolean: 'true or false' }[typeof issue.input as string];
  const expected = EXPECTED[issue.expected] ?? issue.expected;
  return scalar !== undefined && STRUCTURES.has(issue.expected)
    ? `is ${scalar}: write ${expected}`
    : wrong(issue.input, expected);
}

/**
 * Variables that the server sets, whatever function.yaml says. They give a function its name, and the address and token
 * of its server.
 */
const OWN_VARIABLES = new Set(
  ['URL', 'TOKEN', 'DISPATCHER', 'RUN']
    .map((name) => `FUSIONIZER_${name}`)
    .concat('NUCLIO_FUNCTION_NAME', 'NUCLIO_FUNCTION_HANDLER'),
);

const envVariable = z
  .looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() })
  .superRefine(({ name, value }, context) => {
    const refuse = (field: 'name' | 'value', message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (name === '') refuse('name', wrong(null, "a variable's name"));
    else if (/[=\0]/.test(name))
      refuse('name', "contains '=' or a zero byte: write only the variable's name here, and its value into value");
    else if (OWN_VARIABLES.has(name))
      refuse('name', `is ${name}, which the server sets: give the variable another name`);
    if (value?.includes('\0')) refuse('value', 'contains a zero byte, which variables cannot hold: remove it');
  });
export type EnvVariable = z.infer<typeof envVariable>;

/** The attributes of the http trigger that are sizes, in bytes. */
const SIZES = ['maxRequestBodySize', 'readBufferSize'];

const trigger = z
  .looseObject({
    kind: z.string({
      error: ({ input }) =>
        wrong(input, input === undefined || input === null ? 'http or cron' : (EXPECTED['string'] ?? '')),
    }),
    name: z.string().optional(),
    disabled: z.boolean().optional(),
    numWorkers: z.int().min(0).max(100_000).optional(),
    maxWorkers: z.int().min(0).optional(),
    workerAvailabilityTimeoutMilliseconds: z.int().nullable().optional(),
    attributes: z.record(z.string(), z.unknown()).optional(),
  })
  .superRefine(({ kind, attributes = {} }, context) => {
    if (kind !== 'http') return;
    for (const name of SIZES) {
      if (!(name in attributes) || isAmount(attributes[name], 1)) continue;
      context.addIssue({
        code: 'custom',
        path: ['attributes', name],
        message: wrong(attributes[name], 'a number of bytes above zero, such as 4194304'),
      });
    }
  });
export type Trigger = z.infer<typeof trigger>;

/** Nuclio refuses a trigger whose name is not its key. */
const triggers = z.record(z.string(), trigger).superRefine((all, context) => {
  for (const [key, { name }] of Object.entries(all))
    if (name !== undefined && name !== '' && name !== key)
      context.addIssue({
        code: 'custom',
        path: [key, 'name'],
        message: wrong(name, `'${key}', which is the trigger's key, or remove the field`),
      });
});

const stringMap = z.record(z.string(), z.string());

function isAmount(value: unknown, least: number): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const amount = parseQuantity(value);
  return amount >= least && Number.isFinite(amount);
}

const AMOUNT = 'an amount, such as 128Mi of memory or 500m of cpu';
const amounts = z
  .record(
    z.string(),
    z
      .union([z.string(), z.number()], { error: ({ input }) => wrong(input, AMOUNT) })
      .refine((value) => isAmount(value, 0), { error: ({ input }) => wrong(input, AMOUNT) }),
  )
  .superRefine(({ memory }, context) => {
    if (memory !== undefined && parseQuantity(memory) === 0) {
      context.addIssue({
        code: 'custom',
        path: ['memory'],
        message: wrong(memory, 'an amount above zero, such as 128Mi, or remove the field'),
      });
    }
  });

export const configSchema = z.looseObject({
  metadata: z
    .looseObject({
      name: z.string().optional(),
      namespace: z.string().optional(),
      labels: stringMap.optional(),
      annotations: stringMap.optional(),
    })
    .optional(),
  spec: z
    .looseObject({
      description: z.string().optional(),
      runtime: z.string().optional(),
      handler: z.string().optional(),
      env: z.array(envVariable).optional(),
      build: z.looseObject({ commands: z.array(z.string()).optional() }).optional(),
      triggers: triggers.optional(),
      resources: z.looseObject({ limits: amounts.optional(), requests: amounts.optional() }).optional(),
      minReplicas: z.int().min(0).optional(),
      maxReplicas: z.int().min(0).optional(),
      replicas: z.int().min(0).optional(),
      eventTimeout: z.string().optional(),
      readinessTimeoutSeconds: z.int().min(0).optional(),
      disableDefaultHTTPTrigger: z.boolean().optional(),
      disable: z.boolean().optional(),
    })
    .superRefine(({ minReplicas: least, maxReplicas: most }, context) => {
      const report = (name: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [name], message });
      if (most === 0) report('maxReplicas', wrong(most, 'a number above zero'));
      else if (most === undefined && least === 0) report('minReplicas', 'is 0: write maxReplicas as well');
      else if (most !== undefined && least !== undefined && least > most)
        report('minReplicas', wrong(least, `at most ${most}, which is maxReplicas`));
    })
    .optional(),
});
/** A parsed function.yaml. Fields that the Fusionizer does not know are kept as they are. */
export type FunctionConfig = z.infer<typeof configSchema>;
export type FunctionSpec = NonNullable<FunctionConfig['spec']>;
