// A reporter for node:test: counts the tests, and lists those that failed with the cause, as one JSON object at the end
// of the run.
export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for await (const { type, data } of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else if (type === 'test:pass') counts.passed += 1;
    else {
      counts.failed += 1;
      const error = data.details.error?.cause ?? data.details.error;
      counts.failures.push(`${data.file ?? ''} ${data.name}\n${error?.stack ?? error}`);
    }
  }
  yield JSON.stringify(counts);
}
