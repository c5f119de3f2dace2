/** The part of OpenAPI 3.1 that the document uses: https://spec.openapis.org/oas/v3.1.1.html */

/** JSON Schema 2020-12, as far as zod writes it. */
export interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  description?: string;
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | boolean;
  anyOf?: readonly Schema[];
  examples?: readonly unknown[];
}

export interface Reference {
  $ref: string;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

export type Content = Readonly<Record<string, { schema: Schema; example?: unknown }>>;

export interface ResponseObject {
  description: string;
  headers?: Readonly<Record<string, { description: string; schema: Schema }>>;
  content?: Content;
}

export interface RequestBody {
  description?: string;
  required: boolean;
  content: Content;
}

export interface OperationObject {
  operationId: string;
  tags: readonly string[];
  summary: string;
  description?: string;
  parameters?: readonly Parameter[];
  requestBody?: RequestBody;
  responses: Readonly<Record<string, ResponseObject | Reference>>;
  security?: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface Document {
  openapi: string;
  info: {
    title: string;
    version: string;
    summary: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: readonly { url: string; description: string }[];
  tags: readonly { name: string; description: string }[];
  security: readonly Readonly<Record<string, readonly string[]>>[];
  /** By path, then by method. */
  paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  components: {
    schemas: Readonly<Record<string, Schema>>;
    responses: Readonly<Record<string, ResponseObject>>;
    securitySchemes: Readonly<Record<string, object>>;
  };
}
