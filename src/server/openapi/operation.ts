import type { z } from 'zod';
import { type Answer, type Endpoint, takesNoBody } from '../api/endpoint.ts';
import { errorsOf } from './errors.ts';
import type { Schemas } from './schemas.ts';
import type { Content, OperationObject, Parameter, RequestBody, ResponseObject } from './types.ts';

/** An endpoint as it appears in the document. */
export function toOperation(endpoint: Endpoint, schemas: Schemas): OperationObject {
  const parameters = [
    ...toParameters('path', endpoint.params, schemas),
    ...toParameters('query', endpoint.query, schemas),
    ...toParameters('header', endpoint.headers, schemas),
  ];
  const requestBody = toRequestBody(endpoint, schemas);
  const answers = Object.entries(endpoint.answers).map(([status, answer]) => [status, toResponse(answer, schemas)]);
  return {
    operationId: endpoint.id,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...Object.fromEntries(answers), ...errorsOf(endpoint) },
  };
}

function toParameters(place: Parameter['in'], fields: z.ZodObject | undefined, schemas: Schemas): Parameter[] {
  if (fields === undefined) return [];
  const { properties = {}, required = [] } = schemas.convert(fields, 'input');
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function toRequestBody(endpoint: Endpoint, schemas: Schemas): RequestBody | undefined {
  const { body, rawBody } = endpoint;
  if (rawBody !== undefined)
    return {
      description: rawBody.description,
      required: rawBody.required,
      content: { [rawBody.type]: { schema: rawBody.schema } },
    };
  if (body === undefined) return undefined;
  return {
    description: 'Read as JSON, whatever its Content-Type',
    required: !takesNoBody(endpoint),
    content: { 'application/json': { schema: schemas.convert(body, 'input') } },
  };
}

function toResponse({ description, content, headers }: Answer, schemas: Schemas): ResponseObject {
  const contents: Content = Object.fromEntries(
    Object.entries(content ?? {}).map(([type, schema]) => [type, { schema: schemas.convert(schema, 'output') }]),
  );
  const shownHeaders = Object.entries(headers ?? {}).map(([name, meaning]) => [
    name,
    { description: meaning, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(headers === undefined ? {} : { headers: Object.fromEntries(shownHeaders) }),
    ...(content === undefined ? {} : { content: contents }),
  };
}
