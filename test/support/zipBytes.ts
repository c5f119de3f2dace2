import { constants, deflateRawSync } from 'node:zlib';
import { checksum } from '../../src/engine/fuse/checksum.ts';

/** An entry of a zip. Its bytes are written as they are, without checks or corrections. */
export interface ZipEntry {
  /** Raw; a string is UTF-8. */
  name: string | Buffer;
  content?: Uint8Array | string;
  deflate?: boolean;
  /** The deflated bytes themselves, in place of `content`. */
  deflated?: Buffer;
  /** Unix mode with file type, e.g. 0o120777 for a link. */
  mode?: number;
  /** The unpacked size according to the headers, in bytes. */
  declaredSize?: number;
  /** The method according to the headers: 0 stored, 8 deflated. */
  declaredMethod?: number;
  encrypted?: boolean;
  /** The checksum according to the headers; by default, the right one. */
  declaredSum?: number;
  /** False leaves out the flag that says the name is UTF-8. */
  isUtf8?: boolean;
  /** The system that it was made on: 3 is Unix, 0 is Windows. */
  host?: number;
}

/**
 * Makes a zip byte by byte (PKWARE's APPNOTE, 4.3), because libraries do not write zips like an attacker's.
 */
export function zipBytes(entries: readonly ZipEntry[], declaredCount = entries.length): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string);
    const content = Buffer.from((entry.content ?? '') as string);
    const packed = entry.deflated ?? (entry.deflate ? deflateRawSync(content) : content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // version needed
    fields.writeUInt16LE((entry.encrypted ? 1 : 0) | (entry.isUtf8 === false ? 0 : 0x800), 2); // flags
    fields.writeUInt16LE(entry.declaredMethod ?? (entry.deflate || entry.deflated ? 8 : 0), 4);
    fields.writeUInt16LE(0x21, 8); // 1980-01-01
    fields.writeUInt32LE(entry.declaredSum ?? checksum(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.declaredSize ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, packed]);
    // The mode counts if it was made on Unix.
    const head = Buffer.from([...Buffer.from('PK\x01\x02'), 0x14, entry.host ?? 3]);
    central.push(Buffer.concat([head, fields, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(declaredCount, 8);
  end.writeUInt16LE(declaredCount, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** The content of an entry of zeros. */
export function zeros(mebibytes: number): Required<Pick<ZipEntry, 'deflated' | 'declaredSize' | 'declaredSum'>> {
  const piece = Buffer.alloc(1024 ** 2);
  let declaredSum = 0;
  for (let done = 0; done < mebibytes; done += 1) declaredSum = checksum(piece, declaredSum);
  return { deflated: deflatedZeros(mebibytes), declaredSize: mebibytes * 1024 ** 2, declaredSum };
}

/** Deflated zeros. One deflated piece of 1 MiB is repeated, which is fast for any size. */
export function deflatedZeros(mebibytes: number): Buffer {
  const piece = deflateRawSync(Buffer.alloc(1024 ** 2), { finishFlush: constants.Z_FULL_FLUSH });
  const lastBlock = deflateRawSync(Buffer.alloc(0));
  return Buffer.concat([...Array<Buffer>(mebibytes).fill(piece), lastBlock]);
}
