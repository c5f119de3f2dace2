import * as z from 'zod';
import { healthSchema } from '../../shared/api.ts';
import { endpoint } from './endpoint.ts';

export const getHealth = endpoint({
  method: 'get',
  path: '/-/health',
  id: 'getHealth',
  tag: 'Server',
  summary: 'Shows that the server is there',
  answers: { 200: { description: 'The server', content: { 'application/json': healthSchema } } },
  errors: [],
});

export const getMetrics = endpoint({
  method: 'get',
  path: '/-/metrics',
  id: 'getMetrics',
  tag: 'Server',
  summary: 'Metrics for Prometheus',
  answers: { 200: { description: "In Prometheus' text format", content: { 'text/plain': z.string() } } },
  errors: [],
});

export const getDocument = endpoint({
  method: 'get',
  path: '/-/openapi.json',
  id: 'getDocument',
  tag: 'Server',
  summary: 'This description of the API',
  answers: {
    200: {
      description: 'An OpenAPI 3.1 document',
      content: { 'application/json': z.looseObject({ openapi: z.string() }) },
    },
  },
  errors: [],
});

export const getDocs = endpoint({
  method: 'get',
  path: '/-/docs',
  id: 'getDocs',
  tag: 'Server',
  summary: 'A page that shows this description',
  answers: { 200: { description: 'The page', content: { 'text/html': z.string() } } },
  errors: [],
});
