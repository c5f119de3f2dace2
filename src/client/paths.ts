/** The addresses of the HTTP API's resources. */

export const taskPath = (name: string): string => `/-/tasks/${encodeURIComponent(name)}`;
export const tracePath = (id: string): string => `/-/traces/${encodeURIComponent(id)}`;
export const operationPath = (id: string): string => `/-/operations/${encodeURIComponent(id)}`;

/** A query with the fields that are there, with its question mark. */
export function queryOf(fields: Record<string, string | number | true | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query}`;
}
