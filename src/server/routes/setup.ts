import express, { type Request, type Response, Router } from 'express';
import { FusionizerError } from '../../core/errors.ts';
import { type Setup, setupSchema } from '../../shared/api.ts';
import { operationId } from '../operationId.ts';
import type { ServerParts } from '../parts.ts';

/** `/-/setup`: the desired and the actual Fusion Setup. */
export function setupRoutes({ fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });

  const answer = (response: Response): void => {
    const view = fusionizer.setupView();
    response.set('ETag', `"${view.revision}"`).json(view);
  };
  const change = async (kind: 'put' | 'patch', request: Request, response: Response): Promise<void> => {
    await fusionizer.changeSetup({
      kind,
      groups: parseGroups(request.body),
      origin: 'manual',
      operation: operationId(request),
      ifRevision: parseIfMatch(request.get('If-Match')),
    });
    answer(response);
  };

  const body = express.json({ strict: true, limit: '1mb', type: () => true });
  router.get('/setup', (_request, response) => answer(response));
  router.put('/setup', body, (request, response) => change('put', request, response));
  router.patch('/setup', body, (request, response) => change('patch', request, response));
  return router;
}

function parseGroups(body: unknown): Setup {
  if (!Array.isArray(body)) throw new FusionizerError('malformed', 'The request is malformed: its body is a Fusion Setup, e.g. [["taska", "taskb"]]');
  return setupSchema.parse(body);
}

function parseIfMatch(value: string | undefined): number | undefined {
  if (value === undefined || value === '*') return undefined;
  const [, revision] = /^"(\d+)"$/.exec(value) ?? [];
  if (revision === undefined) throw new FusionizerError('malformed', `If-Match is ${value}: send the ETag of GET /-/setup as it is, e.g. "3"`);
  return Number(revision);
}
