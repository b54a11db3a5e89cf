/** The bytes without a UTF-8 character at their end that is not all there. Bytes that are no UTF-8 stay. */
export function wholeCharacters(bytes: Buffer): Buffer {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, length - back) : bytes;
  }
  return bytes;
}
