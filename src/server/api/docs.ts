import { Router } from 'express';
import * as z from 'zod';
import { createPage, type Page } from '../docs/page.ts';
import { cookieName } from '../http/auth.ts';
import { createDocument } from '../openapi/document.ts';
import type { Document } from '../openapi/types.ts';
import type { ServerParts } from '../parts.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

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
  summary: 'This description as a page',
  answers: { 200: { description: 'The page', content: { 'text/html': z.string() } } },
  errors: [],
});

export const getRoot = endpoint({
  method: 'get',
  path: '/',
  id: 'getRoot',
  tag: 'Server',
  summary: 'Redirects to the page of this description',
  answers: { 303: { description: 'The page', headers: { Location: 'Its address' } } },
  errors: [],
});

/** `/-/openapi.json` and `/-/docs`: the description of the API, and a page for it. */
export function docsRoutes({ health }: ServerParts, endpoints: readonly Endpoint[]): Router {
  const router = Router({ caseSensitive: true });
  let made: Document | undefined;
  // Made on the first request: most servers never get one.
  const document = (): Document => {
    made ??= createDocument(endpoints, health().version, cookieName(new URL(health().address).host));
    return made;
  };
  serve(router, getDocument, (_request, response) => {
    response.json(document());
  });
  // For a person who opens the server's address in a browser.
  serve(router, getRoot, (_request, response) => response.redirect(303, getDocs.path));
  let page: Page | undefined;
  serve(router, getDocs, (_request, response) => {
    page ??= createPage(document());
    response.set({
      'Content-Security-Policy': page.contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    response.type('text/html').send(page.text);
  });
  return router;
}
