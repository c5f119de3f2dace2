/**
 * What Nuclio assumes where function.yaml says nothing. Observed on Nuclio 1.14.1; where its documentation differs, the
 * program decides.
 */
export const NUCLIO_DEFAULTS = {
  /** `spec.readinessTimeoutSeconds`. The documentation says 60. */
  readinessTimeoutSeconds: 120,
  /** The http trigger that a function without one gets. */
  httpTrigger: 'default-http',
  /** Of a trigger; `maxWorkers` is its old name. 0 means the default, too. */
  numWorkers: 1,
  /** Of a trigger. A negative one means the default, 0 means not to wait. */
  workerAvailabilityTimeoutMilliseconds: 10_000,
  /** Attributes of the http trigger that are sizes, in bytes. */
  sizes: { maxRequestBodySize: 4 * 1024 ** 2, readBufferSize: 16 * 1024 },
  /** `attributes.cors` of the http trigger, once it is enabled. */
  cors: {
    origins: ['*'],
    methods: ['HEAD', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'],
    headers: ['Accept', 'Content-Length', 'Content-Type', 'Authorization', 'X-Nuclio-Log-Level'],
    preflightMaxAgeSeconds: 5,
  },
} as const;
