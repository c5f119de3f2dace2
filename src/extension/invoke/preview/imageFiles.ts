import {
  type Disposable,
  EventEmitter,
  type FileChangeEvent,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  Uri,
  workspace,
} from 'vscode';

const SCHEME = 'fusionizer-preview';

/** The images of previews as read-only files in memory, for the editor's image viewer, which shows files only. */
export class ImageFiles implements FileSystemProvider, Disposable {
  readonly #files = new Map<string, { readonly bytes: Uint8Array; readonly at: number }>();
  readonly #changes = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changes.event;
  readonly #registration: Disposable;

  constructor() {
    this.#registration = workspace.registerFileSystemProvider(SCHEME, this, {
      isReadonly: true,
      isCaseSensitive: true,
    });
  }

  /** @param name of the file, with the ending of its format */
  put(name: string, bytes: Uint8Array, at: number): Uri {
    // The viewer shows a file again only if its address is new.
    for (const path of this.#files.keys()) if (path.endsWith(`/${name}`)) this.#files.delete(path);
    const uri = Uri.from({ scheme: SCHEME, path: `/${at}/${name}` });
    this.#files.set(uri.path, { bytes, at });
    return uri;
  }

  stat(uri: Uri): FileStat {
    const { bytes, at } = this.#file(uri);
    return { type: FileType.File, ctime: at, mtime: at, size: bytes.length };
  }

  readFile(uri: Uri): Uint8Array {
    return this.#file(uri).bytes;
  }

  /** The files never change. */
  watch(): Disposable {
    return { dispose: () => {} };
  }

  readDirectory = (): [string, FileType][] => [];
  createDirectory = refuse;
  writeFile = refuse;
  delete = refuse;
  rename = refuse;

  dispose(): void {
    this.#registration.dispose();
    this.#changes.dispose();
  }

  #file(uri: Uri): { readonly bytes: Uint8Array; readonly at: number } {
    const file = this.#files.get(uri.path);
    if (file === undefined) throw FileSystemError.FileNotFound(uri);
    return file;
  }
}

function refuse(uri: Uri): never {
  throw FileSystemError.NoPermissions(uri);
}

/** Whether an editor shows an image of a preview. */
export const isPreview = (uri: Uri | undefined): boolean => uri?.scheme === SCHEME;
