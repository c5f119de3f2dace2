import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import JSZip from 'jszip';

/**
 * Writes a Python package into a folder that `pip install --no-index --find-links DIR NAME==VERSION` finds it in, so
 * that nothing is fetched.
 * @param code of the package's only module
 */
export async function writeWheel(dir: string, name: string, version: string, code: string): Promise<void> {
  const info = `${name}-${version}.dist-info`;
  const wheel = new JSZip();
  wheel.file(`${name}.py`, code);
  wheel.file(`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
  wheel.file(`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  const files = [`${name}.py`, `${info}/METADATA`, `${info}/WHEEL`, `${info}/RECORD`];
  wheel.file(`${info}/RECORD`, files.map((file) => `${file},,\n`).join(''));
  await writeFile(
    path.join(dir, `${name}-${version}-py3-none-any.whl`),
    await wheel.generateAsync({ type: 'nodebuffer' }),
  );
}

/**
 * Writes an npm package, which `npm install FILE` installs without fetching anything.
 * @param code of the package's only module, as CommonJS
 * @returns the file
 */
export async function writeNpmPackage(dir: string, name: string, version: string, code: string): Promise<string> {
  const file = path.join(dir, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  const entries = [
    tarEntry('package/package.json', JSON.stringify({ name, version, main: 'index.js' })),
    tarEntry('package/index.js', code),
  ];
  // Two empty blocks end an archive.
  await writeFile(file, gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)])));
  return file;
}

/** A file in a tar archive, https://www.gnu.org/software/tar/manual/html_node/Standard.html. */
function tarEntry(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(content.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  // The checksum counts its own field as spaces.
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
