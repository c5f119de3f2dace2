// In a file without imports: pages need it, and not the schemas of the HTTP API.

/** A DNS label that starts with a letter, at most 40 characters. A Task can therefore never have the path `/-/`. */
export const TASK_NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
