'use strict';

const { randomBytes, randomUUID } = require('node:crypto');

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Ids that end in a counter of 4 hex digits after a random prefix: making one costs little more than adding one.
 * @param {() => string} newPrefix
 * @returns {() => string} never ends in 0000
 */
function counted(newPrefix) {
  let prefix = '';
  let count = 0xffff;
  return () => {
    count++;
    if (count > 0xffff) {
      count = 1;
      prefix = newPrefix();
    }
    return prefix + BYTES[count >>> 8] + BYTES[count & 0xff];
  };
}

/** 16 hex digits, never all zero. */
const newSpan = counted(() => randomBytes(6).toString('hex'));

/** In the form of a UUID, version 4. */
const newEventId = counted(() => randomUUID().slice(0, -4));

/** @returns {string} 32 hex digits */
function newTrace() {
  return randomBytes(16).toString('hex');
}

/** https://www.w3.org/TR/trace-context/ */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** A later version may have more fields behind those of version 00; ff is no version. */
const LATER = /^(?!00|ff)[0-9a-f]{2}(-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?$/;

/**
 * @param {unknown} header W3C trace context
 * @returns {{trace: string, span: string} | null} null when there is none or it cannot be used
 */
function parseTraceparent(header) {
  if (typeof header !== 'string') return null;
  if (!TRACEPARENT.test(header) && !TRACEPARENT.test(`00${LATER.exec(header)?.[1]}`)) return null;
  return { trace: header.slice(3, 35), span: header.slice(36, 52) };
}

module.exports = { newEventId, newSpan, newTrace, parseTraceparent };
