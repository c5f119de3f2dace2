import { Router } from 'express';
import { FusionizerError } from '../../shared/errors.ts';
import { ENDPOINTS } from './endpoints.ts';
import { expressPath } from './serve.ts';

/**
 * Answers a method that an address does not support with 405 and `Allow` (RFC 9110, 15.5.6), and OPTIONS with `Allow`
 * alone. Has to come before all other routes.
 */
export function methodRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const [path, methods] of methodsByPath()) {
    const allow = [...methods, 'OPTIONS'].sort().join(', ');
    router.all(expressPath(path), (request, response, next) => {
      if (methods.has(request.method)) return next();
      response.set('Allow', allow);
      if (request.method === 'OPTIONS') response.status(204).end();
      else throw new FusionizerError('method', `${request.path} does not support ${request.method}, only ${allow}`);
    });
  }
  return router;
}

function methodsByPath(): Map<string, Set<string>> {
  const byPath = new Map<string, Set<string>>();
  for (const { path, method } of ENDPOINTS) {
    const methods = byPath.get(path) ?? new Set();
    methods.add(method.toUpperCase());
    // Express answers HEAD like GET, without the body.
    if (method === 'get') methods.add('HEAD');
    byPath.set(path, methods);
  }
  return byPath;
}
