import type { CaseResult } from '../../client/cases/runCase.ts';
import { describeDifference } from './testOutput.ts';

/** The results in JUnit's XML, as CI servers read it: a suite for each way and Task. */
export function junitOf(results: readonly CaseResult[]): string {
  const suites = bySuite(results);
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${countsOf(results)}>`];
  for (const [name, of] of suites) {
    lines.push(`  <testsuite name="${escaped(name)}" ${countsOf(of)}>`);
    for (const result of of) lines.push(...caseLines(name, result));
    lines.push('  </testsuite>');
  }
  return `${[...lines, '</testsuites>'].join('\n')}\n`;
}

const suiteOf = ({ way, test }: CaseResult): string => `${way}: ${test.task}`;

function bySuite(results: readonly CaseResult[]): Map<string, CaseResult[]> {
  const suites = new Map<string, CaseResult[]>();
  for (const result of results) suites.set(suiteOf(result), [...(suites.get(suiteOf(result)) ?? []), result]);
  return suites;
}

function countsOf(results: readonly CaseResult[]): string {
  const failures = results.filter(({ differences }) => differences.length > 0).length;
  const errors = results.filter(({ error }) => error !== undefined).length;
  const seconds = results.reduce((sum, { duration }) => sum + duration, 0) / 1000;
  return `tests="${results.length}" failures="${failures}" errors="${errors}" time="${seconds.toFixed(3)}"`;
}

function caseLines(suite: string, { test, duration, differences, error }: CaseResult): string[] {
  const names = `classname="${escaped(suite)}" name="${escaped(test.name)}"`;
  const open = `    <testcase ${names} time="${(duration / 1000).toFixed(3)}"`;
  if (error !== undefined) return [`${open}>`, `      <error message="${escaped(error)}"/>`, '    </testcase>'];
  if (differences.length === 0) return [`${open}/>`];
  const text = differences.flatMap(describeDifference).join('\n');
  const message = `${differences.length} ${differences.length === 1 ? 'part differs' : 'parts differ'}`;
  return [`${open}>`, `      <failure message="${message}">${escaped(text)}</failure>`, '    </testcase>'];
}

/** XML cannot hold most control characters, not even escaped. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"\n]/g, (sign) => `&#${sign.codePointAt(0)};`);
