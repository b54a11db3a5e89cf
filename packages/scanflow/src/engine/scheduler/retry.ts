import type { Retry } from "@scanflow/core";

/**
 * Delay before the next try: `delayMs · factor^(tries − 1)`, at most `maxDelayMs`, of which the share `jitter` is
 * drawn from the seed, so that a replay decides alike and tasks that failed together do not come back together.
 */
export function retryDelayMs(retry: Retry, tries: number, seed: string): number {
  const full = Math.min(retry.maxDelayMs, retry.delayMs * retry.factor ** Math.max(0, tries - 1));
  return Math.round(full * (1 - retry.jitter * unit(seed)));
}

/** A number in [0, 1) from text: FNV-1a (Fowler, Noll, Vo), 32 bits, with a final mix. */
function unit(text: string): number {
  let hash = 0x811c9dc5;
  for (let position = 0; position < text.length; position++) {
    hash = Math.imul(hash ^ text.charCodeAt(position), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
