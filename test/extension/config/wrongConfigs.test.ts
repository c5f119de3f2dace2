import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkConfig } from '../../../src/extension/config/checkConfig.ts';
import type { ConfigProblem, Fix } from '../../../src/extension/config/configProblem.ts';
import { refuseTriggers } from '../../../src/platform/embedded/function/triggers.ts';
import { FusionizerError } from '../../../src/shared/errors.ts';
import { readTaskDefinition } from '../../../src/task/task.ts';
import { taskNameOf } from '../../../src/task/taskName.ts';
import { withLine } from '../../../src/task/yaml/configPlace.ts';
import type { KeySchema } from '../../../src/task/yaml/unknownKeys.ts';
import { temporaryFolder } from '../../support/folder.ts';

const schema: KeySchema = JSON.parse(await readFile('media/schemas/function.schema.json', 'utf8'));

/** A wrong configuration with `«` and `»` around what is marked, the words of the mark, and the texts of its fixes. */
type Row = [config: string, message: RegExp, ...fixes: string[]];

const spec = (lines: string): string => `metadata:\n  name: task\nspec:\n  handler: main:handler\n${lines}`;
const trigger = (lines: string): string => spec(`  triggers:\n    web:\n${lines}`);
const http = (line: string): string => trigger(`      kind: http\n      ${line}\n`);
const cron = (line: string): string => trigger(`      kind: cron\n      attributes:\n        ${line}\n`);
const head = (handler: string): string => `metadata: {name: task}\nspec:\n  handler: ${handler}\n`;

const ROWS: Row[] = [
  // Keys that are misspelt, at each level.
  [`«meta»:\n  name: task\nspec:\n  handler: main:handler\n`, /'meta' here.*'metadata'/, 'metadata'],
  [`metadata:\n  «nam»: task\nspec:\n  handler: main:handler\n`, /'nam' here.*'name'/, 'name'],
  [spec('  «trigers»: {}\n'), /did you mean 'triggers'/, 'triggers'],
  [spec('  «"enviroment"»: []\n'), /did you mean 'env'/, '"env"'],
  [spec('  build:\n    «comands»: []\n'), /did you mean 'commands'/, 'commands'],
  [spec('  build: {«comands»: []}\n'), /did you mean 'commands'/, 'commands'],
  [
    spec('  build:\n    commands: []\n    «comands»: []\n'),
    /did you mean 'commands'\? It is there already: remove this one/,
  ],
  [spec('  env:\n    - name: A\n      «vaule»: b\n'), /did you mean 'value'/, 'value'],
  [spec('  resources:\n    «limit»: {}\n'), /did you mean 'limits'/, 'limits'],
  [http('«numWorker»: 2'), /did you mean 'numWorkers'/, 'numWorkers'],
  [http('«port»: 8080'), /'port' here.*move it into attributes/],
  [http('attributes: {cors: {«enable»: true}}'), /did you mean 'enabled'/, 'enabled'],
  [cron('«intervall»: 30s'), /did you mean 'interval'/, 'interval'],
  [spec('  «timeoutSeconds»: 30\n'), /does not know 'timeoutSeconds'/],
  // Values that Nuclio does not know.
  [spec('  imagePullPolicy: «always»\n'), /does not know 'always'.*'Always'/, 'Always'],
  [spec("  serviceType: «'NodePorts'»\n"), /did you mean 'NodePort'/, "'NodePort'"],
  // Kinds of triggers.
  [trigger('      kind: «htpp»\n'), /kind 'htpp': did you mean 'http'/, 'http'],
  [trigger('      kind: «HTTP»\n'), /did you mean 'http'/, 'http'],
  [trigger('      kind: «"corn"»\n'), /did you mean 'cron'/, '"cron"'],
  [trigger('      kind: «timer»\n'), /did you mean 'cron'/, 'cron'],
  [trigger('      kind: «zzz»\n'), /write http or cron/, 'http', 'cron'],
  [trigger('      kind: «kafka-cluster»\n'), /needs a real Nuclio/],
  [trigger('      kind: «[http]»\n'), /kind is a list: write text/],
  [trigger('      «kind»:\n      numWorkers: 1\n'), /kind is missing: write http or cron/, ' http', ' cron'],
  [
    spec('  triggers:\n    «web»:\n      numWorkers: 1\n'),
    /kind is missing: write http or cron/,
    'kind: http',
    'kind: cron',
  ],
  [spec('  triggers:\n    «web»:\n'), /kind is missing: write http or cron/, 'kind: http', 'kind: cron'],
  [spec('  «triggers»:\n    - kind: http\n'), /triggers is a list: write a map/],
  [spec('  triggers: «http»\n'), /triggers is text: write a map/],
  // Numbers of workers and other numbers.
  [spec('  minReplicas: «3»\n  maxReplicas: 2\n'), /minReplicas is 3: write at most 2, which is maxReplicas/],
  [spec('  maxReplicas: «0»\n'), /maxReplicas is 0: write a number above zero/],
  [spec('  minReplicas: «0»\n'), /minReplicas is 0: write maxReplicas as well/],
  [http('numWorkers: «-1»'), /numWorkers is -1: write a number from 0/],
  [http('numWorkers: «"4"»'), /numWorkers is "4": write a number/, '4'],
  [http('numWorkers: «2.5»'), /numWorkers is 2.5: write a whole number/, '2'],
  [http('numWorkers: «four»'), /numWorkers is "four": write a number/],
  [http('numWorkers: «101»'), /runs at most 100 workers/],
  [http('numWorkers: «true»'), /numWorkers is true: write a number/],
  [http('maxWorkers: «1000»'), /maxWorkers is 1000: .*at most 100 workers/],
  [http('workerAvailabilityTimeoutMilliseconds: «10s»'), /is "10s": write a number/, '10000'],
  [http('name: «other»'), /name is "other": write 'web'/, 'web'],
  [http('disabled: «"true"»'), /disabled is "true": write true or false/, 'true'],
  [http('attributes: «8080»'), /attributes is a number: write a map/],
  [http('attributes: {maxRequestBodySize: «4MB»}'), /is "4MB": write a number of bytes/, '4M'],
  [http('attributes: {readBufferSize: «0»}'), /is 0: write a number of bytes above zero/],
  [spec('  minReplicas: «"1"»\n'), /minReplicas is "1": write a number/, '1'],
  [spec('  maxReplicas: «many»\n'), /maxReplicas is "many"/],
  [spec('  replicas: «-2»\n'), /replicas is -2/],
  [spec('  readinessTimeoutSeconds: «60s»\n'), /is "60s": write a number/, '60'],
  [spec('  readinessTimeoutSeconds: «2m»\n'), /is "2m": write a number/, '120'],
  [spec('  disableDefaultHTTPTrigger: «1»\n'), /is 1: write true or false/, 'true'],
  [spec('  targetCPU: «.inf»\n'), /is \.inf, which Nuclio refuses/],
  // Times.
  [spec('  eventTimeout: «30»\n'), /eventTimeout '30' is not a duration/, '30s'],
  [spec('  eventTimeout: «"30 sec"»\n'), /'30 sec' is not a duration/, '"30s"'],
  [spec('  eventTimeout: «0s»\n'), /'0s' is not a duration above zero/],
  [cron('interval: «"30"»'), /interval '30' is not a duration/, '"30s"'],
  [cron('interval: «5 minutes»'), /'5 minutes' is not a duration/, '5m'],
  [cron('schedule: «every day»'), /is not a schedule/],
  [cron('schedule: «5»'), /schedule must be text/],
  [cron('event: {body: «5»}'), /event.body must be text/],
  [
    trigger('      kind: cron\n      attributes:\n        interval: «1s»\n        schedule: "* * * * *"\n'),
    /it has both/,
  ],
  [spec('  triggers:\n    «web»:\n      kind: cron\n'), /it has neither a schedule nor an interval/],
  // What kind of file it is.
  [
    `apiVersion: «nuclio.io/v2»\n${spec('')}`,
    /does not know 'nuclio.io\/v2' as apiVersion: did you mean 'nuclio.io\/v1'/,
    'nuclio.io/v1',
  ],
  [`kind: «Deployment»\n${spec('')}`, /does not know 'Deployment' as kind: it has NuclioFunction, Function/],
  [`kind: «NuclioFuntion»\n${spec('')}`, /did you mean 'NuclioFunction'/, 'NuclioFunction'],
  // Memory and processors.
  [spec('  resources:\n    limits:\n      memory: «128MB»\n'), /is "128MB": write an amount/, '128M'],
  [spec('  resources:\n    limits:\n      memory: «1 gib»\n'), /write an amount/, '1Gi'],
  [spec('  resources:\n    limits: {memory: «0»}\n'), /an amount above zero/],
  [spec('  resources:\n    requests:\n      cpu: «much»\n'), /is "much"/],
  [spec('  resources: «[1]»\n'), /resources is a list: write a map/],
  // Environment variables.
  [spec('  env:\n    - name: «A=b»\n'), /contains '='/, 'A\n      value: b'],
  [spec('  env:\n    - {name: «A=b»}\n'), /contains '='/, 'A, value: b'],
  [spec('  env:\n    - name: «A=b»\n      value: c\n'), /contains '='/, 'A'],
  [spec('  env:\n    - «A=b, c»\n'), /env.0 is text: write a map/, '{name: A, value: "b, c"}'],
  [spec('  env:\n    - «A»: b\n'), /env.0.name is missing/, '{name: A, value: "b"}'],
  [spec('  env:\n    - «value»: c\n'), /env.0.name is missing/],
  [spec('  env:\n    - name: «[A]»\n'), /name is a list: write text/],
  [spec('  env:\n    - name: A\n      value: «[1]»\n'), /value is a list: write text/],
  [spec('  env:\n    - name: A\n      «value»:\n        b: 1\n'), /value is a map: write text/],
  [spec('  env:\n    - name: «FUSIONIZER_URL»\n      value: c\n'), /which the server sets/],
  [
    spec('  «env»:\n    A: 1\n    B: two\n'),
    /env is a map: write a list/,
    '[{name: A, value: "1"}, {name: B, value: "two"}]',
  ],
  [spec('  env: «text»\n'), /env is text: write a list/],
  [spec('  env:\n    - name: A\n      value: «1.10»\n'), /is the number 1.1 to Nuclio/, '"1.10"'],
  // Build commands.
  [spec('  build:\n    commands: «pip install x»\n'), /commands is text: write a list/, '[pip install x]'],
  [
    spec('  build:\n    commands: «|»\n      pip install x\n      pip install y[z]\n'),
    /is text/,
    '[pip install x, "pip install y[z]"]',
  ],
  [spec('  build:\n    commands:\n      - «echo»: hello\n'), /commands.0 is a map: write text/, '"echo: hello"'],
  [spec('  build:\n    «commands»:\n      a: b\n'), /commands is a map/],
  [spec('  build: «[pip install x]»\n'), /build is a list: write a map/],
  // Other types, and fields that are there twice.
  [spec('  «description»:\n    - a\n'), /description is a list: write text/],
  [`metadata:\n  name: «[task]»\nspec:\n  handler: main:handler\n`, /name is a list: write text/],
  [`metadata:\n  name: task\n  labels:\n    «a»:\n      b: c\nspec:\n  handler: main:handler\n`, /labels.a is a map/],
  [`metadata:\n  name: task\n  labels: «[a]»\nspec:\n  handler: main:handler\n`, /labels is a list: write a map/],
  [`metadata: «[]»\nspec:\n  handler: main:handler\n`, /metadata is a list/],
  [`metadata:\n  name: «"My_Task"»\nspec:\n  handler: main:handler\n`, /cannot be a Task's name/, '"my-task"'],
  [spec('  minReplicas: 1\n  «minReplicas»: 2\n'), /minReplicas is there twice/],
  [spec('  env: []\n  «Env»: []\n'), /'env' and 'Env' are the same field/],
  // Handlers.
  [head('«mian:handler»'), /has no module 'mian'/, 'main:handler'],
  [head('«main:handle»'), /has no function 'handle'/, 'main:handler'],
  [head('«main.handler»'), /malformed|has no module/, 'main:handler'],
  [head('«"main:handler()"»'), /malformed/, '"main:handler"'],
  [head('«[main]»'), /handler is a list: write text/],
  // A function of that name is in another file, so no new file is offered.
  [head('«nowhere:other»'), /has no module 'nowhere'/, 'PKG:other'],
  [head('«main:other»'), /has no function 'other'/, 'PKG:other', 'main:handler'],
  [head('«nowhere:nothing»'), /has no module 'nowhere'/, 'create nowhere'],
];

const LANGUAGES = {
  python: {
    ending: '.py',
    comment: '# ',
    main: 'def handler(context, event):\n    pass\n',
    other: ['pkg/views.py', 'def other(context, event):\n    pass\n', 'pkg.views'],
  },
  nodejs: {
    ending: '.js',
    comment: '// ',
    main: 'exports.handler = (context, event) => context.callback();\n',
    other: ['pkg/views.js', 'exports.other = (context, event) => context.callback();\n', 'pkg/views'],
  },
} as const;
type Language = keyof typeof LANGUAGES;

/** The same configuration in function.yaml, or inside of the source file. */
function filesOf(config: string, language: Language, inline: boolean): { name: string; text: string; main: string } {
  const { ending, comment, main } = LANGUAGES[language];
  if (!inline) {
    const text = config.replace(/^(«?spec»?:)\n/m, `$1\n  runtime: ${language}\n`);
    return { name: 'function.yaml', text, main };
  }
  const lines = [
    '@nuclio.configure',
    '',
    'function.yaml:',
    ...config
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ];
  return { name: `main${ending}`, text: `${lines.map((line) => comment + line).join('\n')}\n\n${main}`, main };
}

const shownFix = (fix: Fix): string =>
  fix.kind === 'create'
    ? `create ${fix.file.replace(/\.\w+$/, '')}`
    : fix.text.replaceAll(/^(?:# |\/\/ )/gm, '').trimEnd();

function applied(text: string, problem: ConfigProblem, fix: Fix): string {
  const lines = text.split('\n');
  if (fix.kind === 'create') return text;
  if (fix.kind === 'insert')
    return [...lines.slice(0, fix.line), fix.text.trimEnd(), ...lines.slice(fix.line)].join('\n');
  const at = fix.at ?? problem;
  const last = lines[('toLine' in at ? at.toLine : undefined) ?? at.line] ?? '';
  lines.splice(
    at.line,
    (('toLine' in at ? at.toLine : undefined) ?? at.line) - at.line + 1,
    `${lines[at.line]?.slice(0, at.from)}${fix.text}${last.slice(at.to)}`,
  );
  return lines.join('\n');
}

/** The line, from 1, that a deploy names; undefined if it takes the configuration. */
async function refusedLine(dir: string): Promise<number | undefined> {
  try {
    await taskNameOf(dir);
    refuseTriggers((await readTaskDefinition(dir, 'task')).config);
    return undefined;
  } catch (error) {
    const placed = await withLine(error, dir);
    return placed instanceof FusionizerError ? placed.line : undefined;
  }
}

for (const language of ['python', 'nodejs'] as const)
  for (const inline of [false, true])
    test(`a fault is marked at its place: ${language}, ${inline ? 'inline' : 'function.yaml'}`, async (context) => {
      for (const [config, message, ...fixes] of ROWS) await checkRow(context, config, message, fixes, language, inline);
    });

async function checkRow(
  context: TestContext,
  config: string,
  message: RegExp,
  fixes: readonly string[],
  language: Language,
  inline: boolean,
): Promise<void> {
  const { name, text: marked, main } = filesOf(config, language, inline);
  const text = marked.replace(/[«»]/g, '');
  const what = `${language} ${name}:\n${marked}`;
  const { other, ending } = LANGUAGES[language];
  const dir = await temporaryFolder(context, { [`main${ending}`]: main, [other[0]]: other[1], [name]: text });
  const file = path.join(dir, name);
  const found = (await checkConfig({ text, file, schema })).filter((one) => message.test(one.message));
  assert.equal(found.length, 1, `${what}\n${JSON.stringify(await checkConfig({ text, file, schema }))}`);
  const [problem] = found;
  assert.ok(problem);
  const before = marked.slice(0, marked.indexOf('«')).split('\n');
  const line = before.length - 1;
  assert.equal(problem.line, line, what);
  const shown = text.split('\n')[line]?.slice(problem.from, problem.to);
  assert.equal(shown, marked.split('\n')[line]?.replace(/^.*«(.*)».*$/, '$1'), what);
  const wanted = fixes.map((fix) => fix.replace('PKG', other[2]));
  const prefix = inline ? LANGUAGES[language].comment : '';
  const offered = problem.fixes.map((fix) => shownFix(fix).replaceAll(`\n${prefix}  `, '\n').trim());
  assert.deepEqual(
    offered.map((one) => one.replace(/\n\s*/g, '\n')),
    wanted.map((one) => one.trim().replace(/\n\s*/g, '\n')),
    what,
  );
  if (problem.severity === 'error') {
    const refused = await refusedLine(dir);
    if (!/not a duration/.test(problem.message) || /trigger/.test(problem.message))
      assert.equal(refused, line + 1, `the line of the deploy: ${what}`);
  }
  for (const fix of problem.fixes) {
    if (fix.kind === 'create') continue;
    const mended = applied(text, problem, fix);
    const left = (await checkConfig({ text: mended, file, schema })).filter((one) => message.test(one.message));
    assert.deepEqual(left, [], `${what}\n${mended}`);
  }
}
