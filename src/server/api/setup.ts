import { type Response, Router } from 'express';
import { setupViewSchema } from '../../shared/api.ts';
import { HEADERS } from '../../shared/headers.ts';
import { setupSchema } from '../../shared/setupApi.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { setupHeaders } from './parameters.ts';
import { type Input, serve } from './serve.ts';

const answers = {
  200: {
    description: 'The setup',
    content: { 'application/json': setupViewSchema },
    headers: { ETag: 'The revision of the setup, for If-Match' },
  },
} as const;

const change = {
  path: '/-/setup',
  tag: 'Setup',
  headers: setupHeaders,
  body: setupSchema,
  answers,
  errors: ['malformed', 'superseded', 'revision', 'too-large', 'task', 'setup', 'platform'],
} as const;

export const getSetup = endpoint({
  method: 'get',
  path: '/-/setup',
  id: 'getSetup',
  tag: 'Setup',
  summary: 'The desired and the actual Fusion Setup',
  answers,
  errors: [],
});

export const putSetup = endpoint({
  ...change,
  method: 'put',
  id: 'replaceSetup',
  summary: 'Replaces the whole setup',
  description:
    'Answers when the setup is reached. A Task that it does not name runs by itself. ' +
    'A name that is not deployed waits for its Task.',
});

export const patchSetup = endpoint({
  ...change,
  method: 'patch',
  id: 'changeSetup',
  summary: 'Makes these groups and leaves the others as they are',
  description: 'Answers when the setup is reached. A group of one takes that Task out of its group.',
});

/** `/-/setup`: the desired and the actual Fusion Setup. */
export function setupRoutes({ fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });

  const answer = (response: Response): void => {
    const view = fusionizer.setupView();
    response.set('ETag', `"${view.revision}"`).json(view);
  };
  const change = async (
    kind: 'put' | 'patch',
    response: Response,
    { headers, body }: Pick<Input<typeof putSetup>, 'headers' | 'body'>,
  ): Promise<void> => {
    await fusionizer.changeSetup({
      kind,
      groups: body,
      origin: 'manual',
      operation: headers[HEADERS.operation],
      ifRevision: headers['If-Match'],
    });
    answer(response);
  };

  serve(router, getSetup, (_request, response) => answer(response));
  serve(router, putSetup, (_request, response, input) => change('put', response, input));
  serve(router, patchSetup, (_request, response, input) => change('patch', response, input));
  return router;
}
