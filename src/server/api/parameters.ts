import * as z from 'zod';
import { HEADERS, taskNameSchema } from '../../shared/api.ts';
import { messageOf } from '../../shared/errors.ts';

/** Parameters that several endpoints share. */

export const taskParams = z.object({ task: taskNameSchema });

const operationHeader = z
  .uuid('it has to be a UUID')
  .optional()
  .describe(
    'The id of the operation, of your choice: with it, the operation can be followed and cancelled while the request runs',
  );

export const operationHeaders = z.object({ [HEADERS.operation]: operationHeader });

export const deployHeaders = z.object({
  [HEADERS.operation]: operationHeader,
  [HEADERS.source]: z
    .string()
    .transform(decode)
    .optional()
    .describe('Where the Task comes from, percent-encoded; shown as its source'),
  [HEADERS.force]: z.enum(['true', 'false']).optional().describe('true deploys although nothing has changed'),
});

export const setupHeaders = z.object({
  [HEADERS.operation]: operationHeader,
  'If-Match': z
    .string()
    .regex(/^(\*|"[0-9]+")$/, 'send the ETag of GET /-/setup as it is, e.g. "3"')
    .meta({ examples: ['"3"'] })
    .transform((etag) => (etag === '*' ? undefined : Number(etag.slice(1, -1))))
    .optional()
    .describe('The ETag of the setup that the change was made for; another one by now is answered with 412'),
});

/** A path is any text and headers are not, so it comes percent-encoded. */
function decode(text: string, context: z.core.$RefinementCtx): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    context.addIssue(`it is no percent-encoded path: ${messageOf(error)}`);
    return z.NEVER;
  }
}
