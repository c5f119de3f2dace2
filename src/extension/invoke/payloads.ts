import { isUtf8 } from 'node:buffer';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commands, l10n, type TabGroup, Uri, ViewColumn, window, workspace } from 'vscode';
import { type PayloadRequest, serialisePayload } from '../../client/payload/payloadDocument.ts';
import { isBinaryFile, isJsonFile, markerOf, payloadFolder, payloadOf } from '../../client/payload/payloadFile.ts';
import { documentInvocation, type Prepared, plainInvocation } from '../../client/payload/toInvocation.ts';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { ifMissing } from '../../shared/ifMissing.ts';
import { announce } from '../announce.ts';
import { NoFolderError } from '../errors.ts';
import type { Services } from '../services.ts';
import { ANSWER_SCHEME } from './answerUri.ts';
import type { PayloadSource } from './recentCalls.ts';
import { columnOf, uriOf } from './tabs.ts';

/** The folder for a Task's payload documents, in the Task's workspace folder; undefined if no folder is open. */
export function payloadsOf({ model }: Services, task: string): string | undefined {
  const folder = model.taskRows.find((row) => row.name === task && row.folder !== undefined)?.folder;
  const own = folder && workspace.getWorkspaceFolder(Uri.file(folder.path));
  const root = own ?? workspace.workspaceFolders?.[0];
  return root && payloadFolder(root.uri.fsPath, task);
}

/** The paths of a Task's payload documents, sorted by name. */
export async function listPayloads(services: Services, task: string): Promise<string[]> {
  const folder = payloadsOf(services, task);
  if (folder === undefined) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifMissing([]));
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return names
    .sort()
    .map((name) => path.join(folder, name))
    .filter((file) => payloadOf(file) !== undefined);
}

/**
 * Creates a payload document with an example in it.
 * @param body the payload; an example by default
 * @throws FusionizerError if there is one of that name
 */
export async function createPayload(services: Services, task: string, name: string, body?: string): Promise<string> {
  const folder = payloadsOf(services, task);
  if (folder === undefined) throw new NoFolderError();
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name);
  try {
    await writeFile(file, isBinaryFile(name) ? '' : serialisePayload(example(name, body), markerOf(name)), {
      flag: 'wx',
    });
  } catch (cause) {
    throw new FusionizerError('malformed', l10n.t('The payload {0} cannot be created: {1}', name, messageOf(cause)), {
      cause,
    });
  }
  return file;
}

function example(name: string, body: string | undefined): PayloadRequest {
  const json = isJsonFile(name);
  const type = json ? 'application/json' : 'text/plain; charset=utf-8';
  return { method: 'POST', path: '/', headers: [['Content-Type', type]], body: body ?? (json ? '{}\n' : '') };
}

/** Opens a payload document. @param hint explains how it is sent */
export async function openPayload(file: string, hint = false): Promise<void> {
  const uri = Uri.file(file);
  const viewColumn = columnOf(uri)?.column ?? columnBesideAnswers();
  await commands.executeCommand('vscode.open', uri, { preview: false, viewColumn });
  if (hint) announce(`$(info) ${l10n.t('Edit the payload, then send it: Ctrl+Enter, or Send above it')}`, 15_000);
}

/** A payload opens in another editor group than the answer, which keeps its place. */
function columnBesideAnswers(): ViewColumn {
  const { all, activeTabGroup } = window.tabGroups;
  const isAnswer = ({ activeTab }: TabGroup): boolean => uriOf(activeTab)?.scheme === ANSWER_SCHEME;
  if (!isAnswer(activeTabGroup)) return ViewColumn.Active;
  return all.find((group) => !isAnswer(group))?.viewColumn ?? ViewColumn.Beside;
}

/**
 * The request for a payload. An open document is sent as the editor shows it, saved or not.
 * @throws FusionizerError
 */
export async function prepare(source: PayloadSource): Promise<Prepared> {
  if (source.kind === 'empty') return plainInvocation(Buffer.alloc(0));
  if (source.kind === 'text') return plainInvocation(Buffer.from(source.text));
  const name = path.basename(source.path);
  const open = workspace.textDocuments.find(
    ({ uri, isDirty }) => uri.scheme === 'file' && uri.fsPath === source.path && isDirty,
  );
  const bytes = open
    ? Buffer.from(open.getText())
    : await readFile(source.path).catch((cause: unknown) => fail(source.path, cause));
  // Bytes that are not text have no head.
  if (source.kind === 'file' || isBinaryFile(name) || !isUtf8(bytes)) return plainInvocation(bytes, name);
  return documentInvocation(name, bytes.toString().replace(/^\uFEFF/, ''));
}

function fail(file: string, cause: unknown): never {
  throw new FusionizerError('malformed', l10n.t('The payload cannot be read from {0}: {1}', file, messageOf(cause)), {
    cause,
  });
}

/** The name of a payload for the user. */
export function sourceName(source: PayloadSource): string {
  switch (source.kind) {
    case 'empty':
      return l10n.t('without a payload');
    case 'text':
      return l10n.t('text: {0}', source.text.trim().slice(0, 60).replace(/\s+/g, ' '));
    default:
      return path.basename(source.path);
  }
}
