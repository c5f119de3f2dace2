import { randomUUID } from 'node:crypto';

/** A multipart/form-data body with one file. */
export function multipartFile(field: string, filename: string, content: Uint8Array): { type: string; body: Buffer } {
  const boundary = `fusionizer-${randomUUID()}`;
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\n` +
    'Content-Type: application/zip\r\n\r\n';
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
