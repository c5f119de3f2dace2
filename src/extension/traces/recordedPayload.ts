import { isJson } from '../../client/payload/jsonText.ts';
import { serialisePayload } from '../../client/payload/payloadDocument.ts';
import { markerOf } from '../../client/payload/payloadFile.ts';
import { isOfTheConnection } from '../../client/payload/toInvocation.ts';
import type { RecordedRequest } from '../../shared/traceApi.ts';

/** A recorded request as a payload document. */
export interface RecordedPayload {
  /** Of its file, which decides how the document is read: `.json`, `.txt` or `.bin`. */
  readonly ending: string;
  readonly content: Buffer;
  /** What the document lacks, for a person. */
  readonly notes: readonly string[];
}

/** Headers that the server sets anew in each event. */
const OF_THE_EVENT = /^(traceparent|fusionizer-.*)$/i;
const MASKED = '***';

/** A payload document that sends a recorded request again. Bytes that are no text keep neither path nor headers. */
export function recordedPayload(request: RecordedRequest): RecordedPayload {
  const { method, path, body, encoding, truncated } = request;
  const notes: string[] = [];
  if (truncated) notes.push('Only the first 64 KiB of the body are recorded.');
  if (encoding === 'base64') {
    notes.push('A payload of bytes is sent by POST to /, without the recorded headers.');
    return { ending: '.bin', content: Buffer.from(body, 'base64'), notes };
  }
  const headers: [name: string, value: string][] = [];
  for (const [name, value] of Object.entries(request.headers)) {
    if (isOfTheConnection(name) || OF_THE_EVENT.test(name)) continue;
    for (const one of [value].flat())
      if (one === MASKED) notes.push(`The header ${name} is secret and not recorded: add it if the Task needs it.`);
      else headers.push([name, one]);
  }
  if (path.includes(MASKED)) notes.push('A secret in the path is not recorded: replace *** by it.');
  if (body.includes(MASKED)) notes.push('The body has ***, which may stand for a secret.');
  const ending = body.trim() === '' || isJson(body) ? '.json' : '.txt';
  const text = serialisePayload({ method, path, headers, body }, markerOf(`payload${ending}`));
  return { ending, content: Buffer.from(text), notes };
}
