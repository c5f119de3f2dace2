'use strict';

/**
 * An event with every key that Nuclio's own has, all of them own and enumerable.
 * @param {string} id
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} fields
 * @param {Readonly<Record<string, unknown>>} headers by canonical names
 * @param {string} contentType '' when there is none
 * @param {Buffer} body
 * @param {number} timestamp Unix seconds
 * @param {{kind: string, name: string}} trigger
 */
function makeEvent(id, method, path, fields, headers, contentType, body, timestamp, trigger) {
  return {
    body,
    content_type: contentType,
    'content-type': contentType,
    fields,
    headers,
    id,
    method,
    num_shards: 0,
    offset: 0,
    path,
    shard_id: -1,
    size: body.length,
    timestamp: new Date(timestamp * 1000),
    topic: '',
    trigger,
    type: '',
    type_version: '',
    url: '',
    version: '',
  };
}

module.exports = { makeEvent };
