import { problemSchema } from '../../shared/api.ts';
import { type Endpoint, TAGS } from '../api/endpoint.ts';
import { errorResponses } from './errors.ts';
import { toOperation } from './operation.ts';
import { Schemas } from './schemas.ts';
import type { Document, OperationObject } from './types.ts';

/**
 * The description of the HTTP API, generated from the endpoints that serve it.
 * @param cookie the name of the cookie in which browsers send the token
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
        'An invocation is `POST /{task}`, any method on `/{task}/<path>`, ' +
          'or any method on `/-/tasks/{task}/invoke[/<path>]`. All else is the control API.',
        'Errors are plain text, or `application/problem+json` if the client accepts JSON.',
        'A method that an address does not support gets 405 with `Allow`.',
      ].join('\n\n'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that this document comes from' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    // On the loopback address the server needs no token, unless it was started with --auth always.
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
            "The admin token. A function's token is enough to invoke Tasks, to send traces " +
            'and to ask whether a Task exists',
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: cookie,
          description:
            'For browsers: any GET of the control API with `?token=TOKEN` answers 303 with this cookie ' +
            'and the same address without the token. The name of the cookie ends with the port that the browser uses',
        },
      },
    },
  };
}
