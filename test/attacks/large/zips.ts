import { type ZipEntry, zeros, zipBytes } from '../../support/zipBytes.ts';
import { type Attack, MIB, many, uploadOf } from './attack.ts';

/** Nothing of these is deployed: the handler's file is missing. */
const YAML: ZipEntry = { name: 'function.yaml', content: 'spec: {runtime: nodejs, handler: "nowhere:handler"}\n' };

const names = (what: string, status: number, entries: () => readonly string[]): Attack =>
  uploadOf(`zip: ${what}`, status, () => zipBytes([YAML, ...entries().map((name) => ({ name }))]));

const COUNT = 100;
/** More than one zip of this size can take the time for, in a test. */
const VERY_MANY = 8_000;
const slow = (attack: Attack): Attack => ({ ...attack, slow: true });

/** Of very many and very large entries. */
export const ZIP_ATTACKS: readonly Attack[] = [
  names('100 empty files', 422, () => many(COUNT, String)),
  slow(names('8,000 empty files', 422, () => many(VERY_MANY, String))),
  names('100 folders', 422, () => many(COUNT, (index) => `${index}/`)),
  slow(names('one file in each of 7,000 folders', 422, () => many(7_000, (index) => `${index}/a`))),
  names('a folder of 500 levels', 422, () => ['a/'.repeat(500)]),
  names('10 files in a folder of 500 levels', 422, () => many(10, (index) => `${'a/'.repeat(500)}${index}`)),
  slow(names('500 folders of 500 levels', 422, () => many(500, (index) => `${index}/${'a/'.repeat(500)}`))),
  names('20 long names', 422, () => many(20, (index) => `${`${'n'.repeat(250)}/`.repeat(3)}${index}`)),
  names('names that are too long', 422, () => [`${'n'.repeat(60_000)}`]),
  names('paths that are too long', 422, () => ['a/'.repeat(30_000)]),
  names('names of points', 422, () => many(20, (index) => `${'./'.repeat(400)}${index}`)),
  names('names of slashes', 422, () => many(20, (index) => `a${'/'.repeat(900)}${index}`)),
  names('names that differ in case', 422, () => many(COUNT, (index) => `a${index}`).concat('A7')),
  names('names of combining characters', 422, () => many(20, (index) => `e${'\u0301'.repeat(120)}${index}`)),
  names('names that clash', 422, () => [...many(COUNT, String), '0/x']),
  names('names of backslashes', 422, () => many(20, (index) => `${'a\\'.repeat(400)}${index}`)),
  uploadOf('zip: names that are not UTF-8', 422, () =>
    zipBytes([
      YAML,
      ...many(50, String).map((name) => ({ name: Buffer.from(`\xff${name}`, 'latin1'), isUtf8: false })),
    ]),
  ),
  slow(uploadOf('zip: 500 MiB of zeros', 422, () => zipBytes([YAML, { name: 'zeros', ...zeros(500) }]))),
  slow(
    uploadOf('zip: 500 files of 1 MiB', 422, () =>
      zipBytes([YAML, ...many(500, String).map((name) => ({ name, ...zeros(1) }))]),
    ),
  ),
  uploadOf('zip: more zeros than it says', 422, () =>
    zipBytes([YAML, { name: 'zeros', ...zeros(500), declaredSize: 1 }]),
  ),
  uploadOf('zip: zeros without an end', 413, () => zipBytes([YAML, { name: 'zeros', ...zeros(600) }])),
  uploadOf('zip: no zip', 422, () => Buffer.alloc(MIB - 300)),
  uploadOf('zip: signs of an end', 422, () => Buffer.alloc(MIB - 300, 'PK\x05\x06')),
  uploadOf('zip: as many entries as it claims', 422, () => zipBytes([YAML], 65_535)),
];
