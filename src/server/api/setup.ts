import { setupSchema, setupViewSchema } from '../../shared/api.ts';
import { endpoint } from './endpoint.ts';
import { setupHeaders } from './parameters.ts';

const answers = {
  200: {
    description: 'The setup',
    content: { 'application/json': setupViewSchema },
    headers: { ETag: 'Its revision, for If-Match' },
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
    'Answers when it is reached. Tasks that it does not name run each by itself; names that are not deployed wait.',
});

export const patchSetup = endpoint({
  ...change,
  method: 'patch',
  id: 'changeSetup',
  summary: 'Makes these groups and leaves the rest',
  description: 'Answers when it is reached. A group of one takes that Task out of its group.',
});
