export const blockBytes = 512;

/** From the end of so many bytes to the next block. */
export function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/** An archive that is broken, or holds what has no place in one of ours. */
export class TarError extends Error {}
