import type { Trigger } from '../../../task/yaml/functionYaml.ts';
import { NUCLIO_DEFAULTS } from '../../../task/yaml/nuclioDefaults.ts';

/** The http trigger's `attributes.cors`, with Nuclio's defaults. */
export interface Cors {
  origins: string[];
  methods: string[];
  headers: string[];
  credentials: boolean;
  /** Seconds. */
  maxAge: number;
}

const DEFAULTS = NUCLIO_DEFAULTS.cors;

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
  const own = allowed ? ['Access-Control-Allow-Origin', origin] : [];
  if (cors.credentials) own.push('Access-Control-Allow-Credentials', 'true');
  const requested = headers['Access-Control-Request-Method'];
  if (method === 'OPTIONS' && requested !== undefined) {
    const wanted = list(headers['Access-Control-Request-Headers'], []).filter((name) => name !== '');
    const known = cors.headers.map((name) => name.toLowerCase());
    const fits =
      allowed && cors.methods.includes(requested) && wanted.every((name) => known.includes(name.toLowerCase()));
    if (!fits) return { answer: { status: 400, headers: [], body: '' }, headers: [] };
    const preflight = [
      ...own,
      'Access-Control-Allow-Methods',
      cors.methods.join(', '),
      'Access-Control-Allow-Headers',
      cors.headers.join(', '),
      'Access-Control-Max-Age',
      String(cors.maxAge),
    ];
    return { answer: { status: 200, headers: preflight, body: '' }, headers: [] };
  }
  if (!allowed) return { answer: { status: 200, headers: [], body: '' }, headers: [] };
  return { headers: own };
}
