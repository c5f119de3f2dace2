import { scheduleUpdateSchema, scheduleViewSchema } from '../../shared/api.ts';
import { endpoint } from './endpoint.ts';

const answers = { 200: { description: 'The schedule', content: { 'application/json': scheduleViewSchema } } } as const;

export const getSchedule = endpoint({
  method: 'get',
  path: '/-/schedule',
  id: 'getSchedule',
  tag: 'Schedule',
  summary: 'The schedule, its clock and the entry in force',
  answers,
  errors: [],
});

export const putSchedule = endpoint({
  method: 'put',
  path: '/-/schedule',
  id: 'changeSchedule',
  tag: 'Schedule',
  summary: 'Changes the entries or the clock, or applies an entry now',
  description:
    'Writes the schedule file where there is one. A request that names an entry which does not exist changes nothing.',
  body: scheduleUpdateSchema,
  answers,
  errors: ['malformed', 'not-found', 'superseded', 'too-large', 'task', 'setup', 'platform'],
});
