import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import JSZip from 'jszip';
import { FusionizerError } from '../shared/errors.ts';
import { refuseTypeScript } from './beforeUpload.ts';
import { hashFiles } from './hash.ts';
import { checkFileNames, listTaskFiles, type TaskFile, type TaskFiles } from './taskFiles.ts';
import { checkTaskSource } from './taskSource.ts';
import { findConfig, type PackedConfig } from './yaml/findConfig.ts';

export interface PackedTask {
  zip: Buffer;
  files: TaskFile[];
  /** The size of all files together, unpacked, in bytes. */
  size: number;
  /** The server computes the same hash from the files that it unpacks. */
  hash: string;
  warnings: string[];
  /** Undefined if the server would find no configuration. */
  config: PackedConfig | undefined;
}

/** The oldest date that a zip can hold. All files get it, so that the same files always make the same zip. */
const DATE = new Date(Date.UTC(1980, 0, 1));

/**
 * Packs a Task's folder, or its single source file, for a deploy.
 * @throws FusionizerError `option` if it does not exist or cannot be read; NoTaskError
 */
export async function packTask(source: string): Promise<PackedTask> {
  const { files, warnings } = await filesOf(source);
  const config = await readConfigOf(files);
  if (config?.file.kind === 'yaml') await refuseTypeScript(source, config);
  const zip = new JSZip();
  const contents: [string, Buffer][] = [];
  for (const file of files) {
    const content = file.name === config?.file.name ? config.bytes : await readFile(file.path);
    contents.push([file.name, content]);
    zip.file(file.name, content, {
      date: DATE,
      createFolders: false,
      unixPermissions: file.executable ? 0o100755 : 0o100644,
    });
  }
  return {
    zip: await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE', platform: 'UNIX' }),
    files,
    size: contents.reduce((sum, [, content]) => sum + content.length, 0),
    hash: hashFiles(contents),
    warnings,
    config,
  };
}

async function readConfigOf(files: readonly TaskFile[]): Promise<PackedConfig | undefined> {
  const file = findConfig(files.map(({ name }) => name).filter((name) => !name.includes('/')));
  const found = files.find(({ name }) => name === file?.name);
  return file && found && { file, bytes: await readFile(found.path) };
}

/**
 * The files of a Task that are sent: those of its folder, or its single source file.
 * @throws FusionizerError `task`, NoTaskError
 */
export async function filesOf(source: string): Promise<TaskFiles> {
  const stats = await stat(source).catch((cause: NodeJS.ErrnoException) => {
    throw new FusionizerError(
      'option',
      cause.code === 'ENOENT'
        ? `There is no file or folder ${source || "''"}`
        : `${source} cannot be read: ${cause.message}`,
      {
        cause,
      },
    );
  });
  await checkTaskSource(source, stats);
  if (stats.isDirectory()) return listTaskFiles(source);
  const file: TaskFile = {
    name: path.basename(source),
    path: source,
    size: stats.size,
    executable: (stats.mode & 0o111) !== 0,
  };
  checkFileNames(path.dirname(source), [file]);
  return { files: [file], warnings: [] };
}
