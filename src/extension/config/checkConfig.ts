import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { CONFIG_FILES } from '../../task/yaml/configFile.ts';
import { type FunctionYaml, readFunctionYaml, readInlineYaml } from '../../task/yaml/functionYaml.ts';
import {
  type InlineBlock,
  ignoredBlock,
  inlineBlock,
  isSourceFile,
  mistypedMark,
  RUNTIME_OF_FILE,
} from '../../task/yaml/inlineConfig.ts';
import { keyMeantFor, missingField } from '../../task/yaml/missingField.ts';
import { syntaxFaults } from '../../task/yaml/syntaxFaults.ts';
import { type KeySchema, unknownKeys } from '../../task/yaml/unknownKeys.ts';
import type { Span } from '../../task/yaml/yamlPlaces.ts';
import { type Checked, ConfigText } from './configDocument.ts';
import type { ConfigProblem, Fix } from './configProblem.ts';
import { handlerProblems } from './handlerProblems.ts';
import { nameProblems } from './nameProblems.ts';
import { runtimeProblems } from './runtimeProblems.ts';
import { surpriseFixes } from './surpriseFixes.ts';
import { triggerProblems } from './triggerProblems.ts';
import { valueFixes } from './valueFixes.ts';

/** A configuration to check. */
export interface ConfigSource {
  readonly text: string;
  /** The absolute path of function.yaml, or of a source file. */
  readonly file: string;
  /** media/schemas/function.schema.json. */
  readonly schema: KeySchema;
  /** A file's text, as the editors show it. */
  readonly read?: (file: string) => Promise<string>;
}

/** The most faults of form that are marked. A file with more is probably not a function.yaml. */
const MOST = 100;

/**
 * Finds everything in a function.yaml, or in the inline configuration of a source file, that a deploy would be refused
 * for, or that Nuclio would ignore. A fault in one field does not hide others, as each check reads only the fields that
 * are sound.
 */
export async function checkConfig(source: ConfigSource): Promise<ConfigProblem[]> {
  const { text, file } = source;
  if (!isSourceFile(file)) return checkText(source, new ConfigText(text), undefined);
  const block = inlineBlock(text, path.extname(file));
  if (block === undefined) return mistyped(source);
  const ignored = whyIgnored(file, block);
  return ignored === undefined
    ? checkText(source, ConfigText.inline(block), block)
    : [ignoredAt(text, block.line, ignored)];
}

/** @param line from 1 */
function ignoredAt(text: string, line: number, message: string, fixes: readonly Fix[] = []): ConfigProblem {
  const shown = text.split('\n', line)[line - 1]?.trimEnd() ?? '';
  const place = { line: line - 1, from: Math.max(0, shown.search(/\S/)), to: shown.length };
  return { code: 'ignored', severity: 'warning', message, ...place, fixes };
}

function mistyped({ text, file }: ConfigSource): ConfigProblem[] {
  const mark = mistypedMark(text, path.extname(file));
  // Beside a function.yaml it is a comment.
  if (mark === undefined || configBeside(file) !== undefined) return [];
  const fixes: Fix[] = mark.right === undefined ? [] : [{ kind: 'replace', text: mark.right }];
  return [ignoredAt(text, mark.line, mark.why, fixes)];
}

const configBeside = (file: string): string | undefined =>
  CONFIG_FILES.find((name) => existsSync(path.join(path.dirname(file), name)));

function whyIgnored(file: string, block: InlineBlock): string | undefined {
  const yaml = configBeside(file);
  if (yaml !== undefined)
    return `${yaml} in this folder counts, so the inline configuration has no effect: remove one of them`;
  return block.isLast || !/^["']?function\.yaml["']?\s*:/m.test(block.text) ? ignoredBlock(block) : undefined;
}

async function checkText(
  { file, schema, read = (name) => readFile(name, 'utf8') }: ConfigSource,
  text: ConfigText,
  block: InlineBlock | undefined,
): Promise<ConfigProblem[]> {
  const syntax = syntaxFaults(text.text, text.document);
  if (syntax.length > 0) return syntax.map(({ span, message }) => text.problem(span, 'error', 'yaml', message));
  const unknownFound = unknownKeys(text.root, schema);
  const unknown = unknownFound.map(({ span, message, meant, node }) =>
    text.problem(span, 'warning', 'unknown-key', message, meant === undefined ? [] : [text.replacement(node, meant)]),
  );
  const name = path.basename(file);
  const firstLine = block === undefined ? 1 : block.line + 1;
  let yaml: FunctionYaml | undefined;
  try {
    yaml = block === undefined ? readFunctionYaml(text.text, name) : readInlineYaml(text.text, name, firstLine);
  } catch (error) {
    if (!(error instanceof FusionizerError)) throw error;
    const span = error.line === undefined ? undefined : text.spanOfLine(error.line - firstLine);
    return [...unknown, text.problem(span, 'error', 'invalid', messageOf(error).replace(`${name}: `, ''))];
  }
  if (yaml === undefined) return unknown;
  const found = yaml;
  const faults = yaml.faults
    .slice(0, MOST)
    .map((fault) =>
      text.problem(
        found.spanOfFault(fault),
        'error',
        'invalid',
        fault.message,
        fault.span === undefined ? valueFixes(text, fault.path) : [],
      ),
    );
  const surprising = yaml.warnings.map(({ from, to, message }) => {
    const span: Span = to === undefined ? text.spanOfLine(text.lineOf(from)) : [from, to];
    return text.problem(span, 'warning', 'surprise', message, surpriseFixes(text, span, message));
  });
  const ending = path.extname(file);
  const defaults = block && {
    runtime: RUNTIME_OF_FILE[ending] ?? '',
    handler: `${path.basename(file, ending)}:handler`,
  };
  const checked: Checked = { text, yaml, folder: path.dirname(file), defaults, read };
  const others = [
    ...faults,
    ...nameProblems(checked),
    ...(await runtimeProblems(checked)),
    ...(await handlerProblems(checked)),
    ...triggerProblems(checked),
  ];
  // A mistyped key is one fault: that the right one is missing is no second one.
  const isTold = ({ message }: ConfigProblem): boolean => {
    const missing = missingField(message);
    return missing !== undefined && keyMeantFor(missing.field, unknownFound) !== undefined;
  };
  return [...unknown, ...surprising, ...others.filter((problem) => !isTold(problem))];
}
