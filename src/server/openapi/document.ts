import { problemSchema } from '../../shared/api.ts';
import { type Endpoint, TAGS } from '../api/endpoint.ts';
import { errorResponses } from './errors.ts';
import { toOperation } from './operation.ts';
import { Schemas } from './schemas.ts';
import type { Document, OperationObject } from './types.ts';

/**
 * The description of the HTTP API, made of the endpoints that it is served with.
 * @param cookie the name of the cookie that browsers bring the token in
 */
export function createDocument(endpoints: readonly Endpoint[], version: string, cookie: string): Document {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: toOperation(endpoint, schemas) };
  }
  const responses = errorResponses(schemas.convert(problemSchema, 'output'));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Fusionizer for Nuclio',
      version,
      summary: 'Deploys serverless Tasks and decides which of them run together in one Nuclio function',
      description: [
        'An invocation is `POST /{task}`, any method on `/{task}/<path>` and any method on `/-/tasks/{task}/invoke[/<path>]`; all else is the control API.',
        'Errors are plain text, or `application/problem+json` where JSON is accepted.',
        'An address that has no such method answers 405 with `Allow`.',
      ].join('\n\n'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that this document comes from' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    // On the loopback address the server asks for none, unless it was started with --auth always.
    security: [{}, { bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: schemas.components(),
      responses,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            "The admin token; to invoke Tasks, to send traces and to ask whether a Task exists a function's token is enough",
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: cookie,
          description:
            'For browsers: any GET of the control API with `?token=TOKEN` answers 303 with this cookie and the same address without the token. Its name ends with the port that the browser asks',
        },
      },
    },
  };
}
