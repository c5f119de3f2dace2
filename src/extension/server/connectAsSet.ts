import path from 'node:path';
import { extensions, type LogOutputChannel, l10n, type SecretStorage, workspace } from 'vscode';
import { FusionizerError } from '../../shared/errors.ts';
import type { FusionizerServerOptions } from '../../startServer.ts';
import { NoFolderError } from '../errors.ts';
import { writeRecord } from '../logs/writeRecord.ts';
import { setting, textSetting } from '../settings.ts';
import { type Connection, connectFolder, connectRemote } from './connect.ts';
import { ServerTokens } from './serverTokens.ts';
import { withSettings } from './settingNames.ts';
import { stateFolder } from './stateFolder.ts';

/** Connects as the settings say, where `checkMayServe` allows it. @throws FusionizerError, ClientError */
export async function connectAsSet(
  secrets: SecretStorage,
  log: LogOutputChannel,
  signal: AbortSignal,
): Promise<Connection> {
  const url = textSetting('server.url');
  if (url !== undefined) {
    log.info(l10n.t('Connecting to the server at {0}', url));
    const connection = await connectRemote(url, await new ServerTokens(secrets).get(url), signal);
    log.info(l10n.t('Connected to the server at {0}', connection.address));
    return connection;
  }
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new NoFolderError();
  const schedule = textSetting('schedule.file');
  const optimizer = textSetting('optimizer.module');
  const begin = l10n.t('Starting the server for {0}', folder.uri.fsPath);
  log.info(begin);
  const connection = await connectFolder(
    {
      host: setting('server.host'),
      port: setting('server.port'),
      auth: setting('server.auth'),
      tokenFile: textSetting('server.tokenFile'),
      allowHosts: setting('server.allowHosts'),
      folder: folder.uri.fsPath,
      state: stateFolder(folder),
      schedule: schedule && path.resolve(folder.uri.fsPath, schedule),
      // An editor says what is wrong with it, at its place; a server that does not start helps nobody.
      scheduleMayBeWrong: true,
      optimizer: optimizer === undefined ? undefined : await optimizerIn(path.resolve(folder.uri.fsPath, optimizer)),
      python: await interpreterOf(folder.uri.fsPath),
      allowSystemCommands: setting('server.allowSystemCommands'),
      maxDepth: setting('server.maxDepth'),
      maxWorkers: setting('server.maxWorkers') || undefined,
      record: setting('server.record'),
      grace: setting('server.grace') * 1000,
      // Each Task has a channel of its own.
      log: (record) => {
        if (record.task === null && record.stream === 'log')
          writeRecord(log, { ...record, message: withSettings(record.message) });
      },
      warn: (message) => log.warn(message),
    },
    signal,
  ).catch(nameSettings);
  log.info(
    connection.origin === 'own'
      ? l10n.t('The server is ready at {0}', connection.address)
      : l10n.t('A server serves this folder already, at {0}', connection.address),
  );
  return connection;
}

function nameSettings(error: unknown): never {
  if (error instanceof FusionizerError) error.message = withSettings(error.message);
  throw error;
}

async function optimizerIn(file: string): Promise<FusionizerServerOptions['optimizer']> {
  const { loadOptimizer } = await import('../../startServer.ts');
  return loadOptimizer(file);
}

/** The Python interpreter for the Tasks of a folder; undefined for the server's own default. */
export const interpreterOf = async (folder: string): Promise<string | undefined> =>
  textSetting('python.path') ?? (await pythonExtensionInterpreter(folder));

/**
 * The interpreter that the Python extension would run in this folder; undefined without that extension, or if it names
 * none.
 */
async function pythonExtensionInterpreter(folder: string): Promise<string | undefined> {
  const python = extensions.getExtension<{
    environments?: { getActiveEnvironmentPath(resource: string): { path: string } | undefined };
  }>('ms-python.python');
  const api = await python?.activate();
  const found = api?.environments?.getActiveEnvironmentPath(folder)?.path;
  return found !== undefined && path.isAbsolute(found) ? found : undefined;
}
