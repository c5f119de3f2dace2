import * as z from 'zod';
import { operationSchema } from '../../shared/api.ts';
import { endpoint } from './endpoint.ts';

const shared = {
  path: '/-/operations/{id}',
  tag: 'Operations',
  params: z.object({ id: z.uuid() }),
  answers: { 200: { description: 'The operation', content: { 'application/json': operationSchema } } },
  errors: ['not-found'],
} as const;

export const getOperation = endpoint({
  ...shared,
  method: 'get',
  id: 'getOperation',
  summary: 'A deploy, a deletion or a change of the setup',
  description: 'The newest 200 are kept.',
});

export const deleteOperation = endpoint({
  ...shared,
  method: 'delete',
  id: 'cancelOperation',
  summary: 'Cancels an operation that runs',
  description: 'What served before still serves. One that has ended stays as it is.',
});
