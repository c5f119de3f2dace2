import { type Response, Router } from 'express';
import { HEADERS } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { type Input, serve } from './serve.ts';
import { getSetup, patchSetup, putSetup } from './setup.ts';

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
