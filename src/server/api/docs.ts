import { Router } from 'express';
import { createPage, type Page } from '../docs/page.ts';
import { cookieName } from '../http/auth.ts';
import { createDocument } from '../openapi/document.ts';
import type { Document } from '../openapi/types.ts';
import type { ServerParts } from '../parts.ts';
import { serve } from './serve.ts';
import { getDocs, getDocument } from './server.ts';

/** `/-/openapi.json` and `/-/docs`: the description of the API, and a page for it. */
export function docsRoutes({ health }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  let made: Document | undefined;
  // Made for the first who asks: most servers are never asked.
  const document = (): Document => {
    made ??= createDocument(health().version, cookieName(new URL(health().address).host));
    return made;
  };
  serve(router, getDocument, (_request, response) => {
    response.json(document());
  });
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
