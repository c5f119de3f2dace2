'use strict';

/**
 * context.Response of the worker: fields and defaults as in Nuclio's Node.js wrapper. In a real Nuclio the wrapper's
 * own class is used. A body that is no string becomes JSON, also a Buffer (`{"type":"Buffer",...}`); bytes go as base64
 * text with bodyEncoding 'base64'.
 */
class NuclioResponse {
  /**
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   * @param {string} [contentType]
   * @param {number} [statusCode]
   * @param {'text' | 'base64'} [bodyEncoding]
   */
  constructor(body = '', headers = {}, contentType = 'text/plain', statusCode = 200, bodyEncoding = 'text') {
    this.body = typeof body === 'string' ? body : JSON.stringify(body);
    this.headers = headers;
    this.content_type = contentType;
    this.status_code = statusCode;
    this.body_encoding = bodyEncoding;
  }
}

exports.NuclioResponse = NuclioResponse;
