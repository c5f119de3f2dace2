import { STATUS_CODES } from 'node:http';
import { indentJson } from '../../client/payload/jsonText.ts';
import { isVolatile } from '../../shared/compareAnswers.ts';
import { formatSize } from '../../shared/format.ts';
import type { RecordedAnswer } from '../../shared/traceApi.ts';

/**
 * An answer as a text that is compared with another one: status, headers by their names, and body. Headers that differ
 * each time, such as Date, are left out.
 */
export function recordedAnswerText({ status, headers, body, encoding, size, truncated }: RecordedAnswer): string {
  const lines = Object.entries(headers)
    .filter(([name]) => !isVolatile(name))
    .flatMap(([name, value]) => [value].flat().map((one) => `${name.toLowerCase()}: ${one}`))
    .sort();
  const text = encoding === 'base64' ? `base64: ${body}` : truncated ? body : (indentJson(body) ?? body);
  const rest = truncated ? [`... the first 64 KiB of ${formatSize(size)}`] : [];
  return [statusText(status), ...lines, '', text, ...rest].join('\n');
}

/** `404 Not Found` */
export const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();
