import type { Request } from 'express';
import { z } from 'zod';
import { HEADERS } from '../shared/api.ts';

const schema = z.uuid(`${HEADERS.operation} is a UUID`).optional();

/** The id that a client chose for the operation which its request starts; undefined: the server makes one. */
export function operationId(request: Request): string | undefined {
  return schema.parse(request.get(HEADERS.operation));
}
