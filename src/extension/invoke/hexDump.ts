const WIDTH = 16;

/** Bytes as `hexdump -C` shows them: offset, bytes, what is ASCII of them. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += WIDTH) {
    const row = [...bytes.subarray(offset, offset + WIDTH)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const columns = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`;
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${columns.padEnd(WIDTH * 3)}  |${text}|`);
  }
  return lines.join('\n');
}
