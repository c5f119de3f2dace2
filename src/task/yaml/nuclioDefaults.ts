/**
 * Nuclio's defaults for fields that function.yaml leaves out, as observed on Nuclio 1.14.1. Where its documentation
 * differs, the program's behaviour counts.
 */
export const NUCLIO_DEFAULTS = {
  /** `spec.readinessTimeoutSeconds`. The documentation says 60. */
  readinessTimeoutSeconds: 120,
  /** The name of the http trigger that a function without one gets. */
  httpTrigger: 'default-http',
  /** A trigger's number of workers; `maxWorkers` is its old name. 0 also means the default. */
  numWorkers: 1,
  /** How long an event waits for a worker of a trigger. A negative value means the default, 0 means not to wait. */
  workerAvailabilityTimeoutMilliseconds: 10_000,
  /** The attributes of the http trigger that are sizes, in bytes. */
  sizes: { maxRequestBodySize: 4 * 1024 ** 2, readBufferSize: 16 * 1024 },
  /** `attributes.cors` of the http trigger, once it is enabled. */
  cors: {
    origins: ['*'],
    methods: ['HEAD', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'],
    headers: ['Accept', 'Content-Length', 'Content-Type', 'Authorization', 'X-Nuclio-Log-Level'],
    preflightMaxAgeSeconds: 5,
  },
} as const;
