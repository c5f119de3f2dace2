import * as z from 'zod';
import { messageOf } from '../../shared/errors.ts';
import { HEADERS } from '../../shared/headers.ts';
import { taskNameSchema } from '../../shared/setupApi.ts';

/** Parameters that several endpoints share. */

export const taskParams = z.object({ task: taskNameSchema });

const operationHeader = z
  .uuid('it has to be a UUID')
  .optional()
  .describe(
    'A UUID that you choose as the id of the operation. ' +
      'With it you can follow and cancel the operation while the request runs',
  );

export const operationHeaders = z.object({ [HEADERS.operation]: operationHeader });

export const deployHeaders = z.object({
  [HEADERS.operation]: operationHeader,
  [HEADERS.source]: z
    .string()
    .transform(decode)
    .optional()
    .describe(
      'The place that the Task comes from, percent-encoded; shown as its source. ' +
        'A Task that was deployed from another place is not replaced, unless Fusionizer-Replace is true',
    ),
  [HEADERS.replace]: z
    .enum(['true', 'false'])
    .optional()
    .describe('true replaces a Task even if it was deployed from another source'),
  [HEADERS.force]: z.enum(['true', 'false']).optional().describe('true deploys even if nothing has changed'),
});

export const setupHeaders = z.object({
  [HEADERS.operation]: operationHeader,
  'If-Match': z
    .string()
    .regex(/^(\*|"[0-9]+")$/, 'send the ETag of GET /-/setup unchanged, e.g. "3"')
    .meta({ examples: ['"3"'] })
    .transform((etag) => (etag === '*' ? undefined : Number(etag.slice(1, -1))))
    .optional()
    .describe('The ETag of the setup that the change is based on; if the setup has changed since, the answer is 412'),
});

export const tracePrefix = z
  .string()
  .regex(/^[0-9a-fA-F]+$/, 'write the first characters of an id: 0-9 and a-f')
  .transform((id) => id.toLowerCase())
  .optional()
  .describe('Only records of this trace; the first characters of its id are enough');

/** Headers cannot hold every path, so it comes percent-encoded. */
function decode(text: string, context: z.core.$RefinementCtx): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    context.addIssue(`it is not a percent-encoded path: ${messageOf(error)}`);
    return z.NEVER;
  }
}
