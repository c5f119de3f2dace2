import http from 'node:http';

type Fields = Record<string, string>;

export interface Call {
  method: string;
  path: string;
  headers?: Fields;
  body?: string | Buffer;
}
export interface Got {
  status: number;
  reason: string;
  headers: Fields;
  body: Buffer;
}

/** A request with exactly these headers, and the answer as it comes. */
export function rawRequest(url: URL, { method, path: target, headers = {}, body }: Call): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = url;
    const request = http.request({ hostname, port, method, path: target, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const pairs: [string, string][] = [];
        for (let at = 0; at < response.rawHeaders.length; at += 2)
          pairs.push([response.rawHeaders[at]?.toLowerCase() ?? '', response.rawHeaders[at + 1] ?? '']);
        const got = {
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          headers: Object.fromEntries(pairs),
        };
        resolve({ ...got, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
