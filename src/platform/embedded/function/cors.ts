import type { Trigger } from '../../../task/yaml/functionYaml.ts';
import { NUCLIO_DEFAULTS } from '../../../task/yaml/nuclioDefaults.ts';

/** The http trigger's `attributes.cors`, with Nuclio's defaults. */
export interface Cors {
  origins: string[];
  methods: string[];
  headers: string[];
  /** Headers of answers that scripts may read, besides those that they always may. */
  exposed: string[];
  credentials: boolean;
  /** Seconds. */
  maxAge: number;
}

const DEFAULTS = NUCLIO_DEFAULTS.cors;
/** What the answer to a preflight depends on, for caches. Nuclio names it in each of them. */
const PREFLIGHT_VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

const list = (value: unknown, fallback: readonly string[]): string[] => {
  if (typeof value === 'string') return value.split(',').map((item) => item.trim());
  return Array.isArray(value) ? value.map(String) : [...fallback];
};

export function readCors(trigger: Trigger | undefined): Cors | undefined {
  const cors = trigger?.attributes?.['cors'];
  if (cors === null || typeof cors !== 'object') return undefined;
  const given = cors as Record<string, unknown>;
  if (given['enabled'] !== true) return undefined;
  return {
    origins: list(given['allowOrigins'] ?? given['allowOrigin'], DEFAULTS.origins),
    methods: list(given['allowMethods'], DEFAULTS.methods),
    headers: list(given['allowHeaders'], DEFAULTS.headers),
    exposed: list(given['exposeHeaders'], []),
    credentials: given['allowCredentials'] === true,
    maxAge:
      typeof given['preflightMaxAgeSeconds'] === 'number'
        ? given['preflightMaxAgeSeconds']
        : DEFAULTS.preflightMaxAgeSeconds,
  };
}

export interface CorsResult {
  /**
   * Set when the processor answers by itself: for preflights, and for requests whose origin is missing or not allowed.
   * As in Nuclio, the latter get an empty 200.
   */
  answer?: { status: number; headers: string[]; body: string };
  headers: string[];
}

/** `null` is the origin of all sandboxed pages and files, whoever wrote them, so only `*` allows it. */
export function allowsOrigin(cors: Cors, origin: string): boolean {
  return cors.origins.includes('*') || (origin !== 'null' && cors.origins.includes(origin));
}

/** @param headers canonical names */
export function answerCors(cors: Cors, method: string, headers: Record<string, string>): CorsResult {
  const origin = headers['Origin'];
  const allowed = origin !== undefined && allowsOrigin(cors, origin);
  const requested = headers['Access-Control-Request-Method'];
  const isPreflight = method === 'OPTIONS' && requested !== undefined;
  const vary = ['Vary', isPreflight ? PREFLIGHT_VARY : 'Origin'];
  const own = [...vary, 'Access-Control-Allow-Origin', origin ?? ''];
  if (cors.credentials) own.push('Access-Control-Allow-Credentials', 'true');
  if (isPreflight) {
    const wanted = list(headers['Access-Control-Request-Headers'], []).filter((name) => name !== '');
    const known = cors.headers.map((name) => name.toLowerCase());
    const fits =
      allowed && cors.methods.includes(requested) && wanted.every((name) => known.includes(name.toLowerCase()));
    if (!fits) return { answer: { status: 400, headers: vary, body: '' }, headers: [] };
    own.push('Access-Control-Allow-Methods', cors.methods.join(', '));
    own.push('Access-Control-Allow-Headers', cors.headers.join(', '));
    own.push('Access-Control-Max-Age', String(cors.maxAge));
    return { answer: { status: 200, headers: own, body: '' }, headers: [] };
  }
  if (!allowed) return { answer: { status: 200, headers: vary, body: '' }, headers: [] };
  if (cors.exposed.length > 0) own.push('Access-Control-Expose-Headers', cors.exposed.join(', '));
  return { headers: own };
}
