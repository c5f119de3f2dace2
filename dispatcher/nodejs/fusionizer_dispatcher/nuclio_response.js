'use strict';

/**
 * context.Response of the worker: fields and defaults as in Nuclio's Node.js wrapper. In a real Nuclio the wrapper's
 * own class is used. A body that is no string becomes JSON, whatever the given content type: so does a Buffer
 * (`{"type":"Buffer",...}`), and no body at all is `null`. Bytes go as base64 text with bodyEncoding 'base64'.
 */
class NuclioResponse {
  /**
   * @param {unknown} [body]
   * @param {Record<string, string> | null} [headers]
   * @param {string} [contentType]
   * @param {number} [statusCode]
   * @param {'text' | 'base64'} [bodyEncoding]
   */
  constructor(body = null, headers = null, contentType = 'text/plain', statusCode = 200, bodyEncoding = 'text') {
    this.body = body;
    this.headers = headers;
    this.content_type = contentType;
    this.status_code = statusCode;
    this.body_encoding = bodyEncoding;
    if (typeof body !== 'string' && !(body instanceof String)) {
      this.body = JSON.stringify(body);
      this.content_type = 'application/json';
    }
  }
}

exports.NuclioResponse = NuclioResponse;
