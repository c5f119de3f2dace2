import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { messageOf } from '../shared/errors.ts';
import { type RecordedRequest, type ReplayRequest, replayRequestSchema } from '../shared/traceApi.ts';
import { UsageError } from './errors.ts';
import { inShell } from './invokedAs.ts';

/**
 * Opens a request in the user's editor, as a JSON file that only the user can read, and waits until it is closed.
 * @returns what was changed
 * @throws UsageError without an editor, or for a file that is no request afterwards
 */
export async function editRequest(request: RecordedRequest): Promise<ReplayRequest> {
  const editor = process.env['VISUAL'] || process.env['EDITOR'];
  if (!editor)
    throw new UsageError('No editor is known. Set EDITOR, for example: EDITOR=nano', {
      hint: 'Without --edit, the request is sent as it was.',
    });
  const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-replay-'));
  try {
    const file = path.join(dir, 'request.json');
    const shown = editable(request);
    await writeFile(file, `${JSON.stringify(shown, null, 2)}\n`, { mode: 0o600 });
    await run(editor, file);
    return changes(shown, await readFile(file, 'utf8'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

type Editable = Required<Pick<ReplayRequest, 'method' | 'path' | 'headers'>> & { body?: unknown };

/** A JSON body is shown as JSON. A body that cannot be edited as text is left out, and sent as it was. */
function editable({ method, path: target, headers, body, encoding, truncated }: RecordedRequest): Editable {
  const shown = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'));
  const known = { method, path: target, headers: shown };
  return encoding === 'base64' || truncated ? known : { ...known, body: asJson(body) };
}

function asJson(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    // A number or a text in quotes would be taken for what it stands for.
    return typeof value === 'object' && value !== null ? value : body;
  } catch {
    // Not JSON: text.
    return body;
  }
}

function changes(shown: Editable, text: string): ReplayRequest {
  try {
    const edited = replayRequestSchema.parse(JSON.parse(text));
    const fields = ['method', 'path', 'headers', 'body'] as const;
    return Object.fromEntries(
      fields
        .filter(
          (field) => edited[field] !== undefined && JSON.stringify(edited[field]) !== JSON.stringify(shown[field]),
        )
        .map((field) => [field, edited[field]]),
    );
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`
        : messageOf(error);
    throw new UsageError(`The edited request cannot be sent: ${why}. Nothing was sent.`, { cause: error });
  }
}

/** Editors are often set with arguments, such as `code --wait`: so a shell runs them. */
async function run(editor: string, file: string): Promise<void> {
  const child = spawn(`${editor} ${inShell(file)}`, { shell: true, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new UsageError(`The editor '${editor}' ended with ${code ?? 'a signal'}. Nothing was sent.`);
}
