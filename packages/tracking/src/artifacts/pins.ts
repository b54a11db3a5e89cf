/**
 * Who may not be swept: what is pinned, and what was pinned at any time since a sweep began. The decision to
 * remove is taken in the same turn of the event loop as the look at the pins, so no pin comes in between.
 * Keys are the hexadecimal parts of digests.
 */
export class Pins {
  readonly #holders = new Map<string, number>();
  readonly #removals = new Map<string, Promise<void>>();
  readonly #sincePinned = new Set<string>();
  #sweeps = 0;

  /** Protects `hex` until the returned function is called; calling it again does nothing. */
  pin(hex: string): () => void {
    this.#holders.set(hex, (this.#holders.get(hex) ?? 0) + 1);
    if (this.#sweeps > 0) this.#sincePinned.add(hex);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const rest = (this.#holders.get(hex) ?? 1) - 1;
      if (rest > 0) this.#holders.set(hex, rest);
      else this.#holders.delete(hex);
    };
  }

  /** Waits for a removal of `hex` that had begun before it was pinned. */
  async settled(hex: string): Promise<void> {
    await this.#removals.get(hex);
  }

  /** Begins to remember what is pinned; the returned function ends it. */
  beginSweep(): () => void {
    this.#sweeps += 1;
    return () => {
      this.#sweeps -= 1;
      if (this.#sweeps === 0) this.#sincePinned.clear();
    };
  }

  isHeld(hex: string): boolean {
    return this.#holders.has(hex) || this.#sincePinned.has(hex);
  }

  /** Runs `remove` unless `hex` is held; the answer is that of `remove`, or false. */
  async removeUnlessHeld(hex: string, remove: () => Promise<boolean>): Promise<boolean> {
    if (this.isHeld(hex)) return false;
    const removal = remove();
    const ended = removal.then(
      () => undefined,
      () => undefined,
    );
    this.#removals.set(hex, ended);
    try {
      return await removal;
    } finally {
      this.#removals.delete(hex);
    }
  }
}

const byRoot = new Map<string, Pins>();

/** The pins of a store's folder, the same for every store object that this thread opens on it. */
export function pinsOf(root: string): Pins {
  const pins = byRoot.get(root) ?? new Pins();
  byRoot.set(root, pins);
  return pins;
}
