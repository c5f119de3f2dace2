import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../shared/ifMissing.ts';
import { readShort } from './taskLimits.ts';
import type { FunctionConfig, Runtime } from './yaml/functionYaml.ts';

/** Packages of Python that are not called as their modules are. */
const PACKAGES: Record<string, string> = {
  attr: 'attrs',
  bs4: 'beautifulsoup4',
  Crypto: 'pycryptodome',
  cv2: 'opencv-python-headless',
  dateutil: 'python-dateutil',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  fitz: 'pymupdf',
  git: 'GitPython',
  jose: 'python-jose',
  jwt: 'pyjwt',
  magic: 'python-magic',
  MySQLdb: 'mysqlclient',
  nuclio: 'nuclio-jupyter',
  OpenSSL: 'pyOpenSSL',
  PIL: 'pillow',
  pptx: 'python-pptx',
  psycopg2: 'psycopg2-binary',
  pythoncom: 'pywin32',
  serial: 'pyserial',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  slugify: 'python-slugify',
  telegram: 'python-telegram-bot',
  usb: 'pyusb',
  win32api: 'pywin32',
  win32con: 'pywin32',
  yaml: 'pyyaml',
  zmq: 'pyzmq',
};

/** Modules of many packages in Python: their name is no package's, or that of something else. */
const NAMESPACES: Record<string, string> = {
  azure: "'pip install azure-storage-blob' for azure.storage.blob",
  google: "'pip install protobuf' for google.protobuf, or 'pip install google-cloud-storage' for google.cloud.storage",
  ruamel: "'pip install ruamel.yaml' for ruamel.yaml",
  zope: "'pip install zope.interface' for zope.interface",
};

/** The installed module that a Task's start failed for; undefined for another failure, and for a file of its own. */
export function missingModule(message: string, family: Runtime['family']): string | undefined {
  if (family === 'python') {
    const [, module] = /ModuleNotFoundError: No module named '([\w.]+)'/.exec(message) ?? [];
    return module?.split('.', 1)[0];
  }
  const [, specifier] = /Cannot find (?:module|package) '([^']+)'/.exec(message) ?? [];
  // A path of the Task's own begins with a point, a slash or, on Windows, with a drive.
  return /^((?:@[\w.-]+\/)?\w[\w.-]*)(?![\w.:-])/.exec(specifier ?? '')?.[1];
}

/**
 * What to do when a Task cannot start because of a module that is not installed: which build command to add.
 * @param dir the Task's folder
 * @param message of the failed start
 * @returns undefined for another failure
 */
export async function missingModuleAdvice(
  dir: string,
  config: FunctionConfig,
  { family }: Runtime,
  message: string,
): Promise<string | undefined> {
  const module = missingModule(message, family);
  if (module === undefined) return undefined;
  const own = family === 'python' ? [`${module}.py`, module] : [];
  for (const name of own) if (await exists(path.join(dir, name))) return undefined;
  const command = await commandFor(dir, module, family);
  const commands = config.spec?.build?.commands ?? [];
  if (commands.includes(command)) return undefined;
  const why = commands.length > 0 ? 'spec.build.commands do not install it' : 'it is not installed';
  const examples = command === `pip install ${module}` ? NAMESPACES[module] : undefined;
  if (examples !== undefined)
    return `${why}: add a command that installs its package to spec.build.commands, such as ${examples}`;
  const file = family === 'python' ? `, or the file ${module}.py if it is the Task's own` : '';
  return `${why}: add '${command}' to spec.build.commands${file}`;
}

/** The build command that an advice says to add; undefined if the text has none. */
export function commandToAdd(message: string): string | undefined {
  return /: add '([^']+)' to spec\.build\.commands/.exec(message)?.[1];
}

async function commandFor(dir: string, module: string, family: Runtime['family']): Promise<string> {
  if (family === 'nodejs') {
    const text = await readShort(path.join(dir, 'package.json')).catch(ifMissing(''));
    if (!text?.includes(`"${module}"`)) return `npm install ${module}`;
    return (await exists(path.join(dir, 'package-lock.json'))) ? 'npm ci' : 'npm install';
  }
  if (await exists(path.join(dir, 'requirements.txt'))) return 'pip install -r requirements.txt';
  if (await exists(path.join(dir, 'pyproject.toml'))) return 'pip install .';
  return `pip install ${PACKAGES[module] ?? module}`;
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
