'use strict';

const { makeEvent } = require('../fusionizer_dispatcher/event');

/**
 * @param {Buffer} frame
 * @param {boolean} isOwn whether the body may stay where it is
 */
function readEvent(frame, isOwn) {
  const end = 5 + frame.readUInt32BE(1);
  const { id, method, path, fields, headers, content_type, timestamp, trigger } = readMeta(
    frame.toString('utf8', 5, end),
  );
  const body = frame.subarray(end);
  return makeEvent(
    id,
    method,
    path,
    fields,
    headers,
    content_type,
    isOwn ? body : Buffer.from(body),
    timestamp,
    trigger,
  );
}

/**
 * @param {string} text
 * @returns {import('../../../src/shared/wire.ts').EventMeta}
 */
function readMeta(text) {
  return JSON.parse(text);
}

module.exports = { readEvent };
