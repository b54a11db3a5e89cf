/**
 * Who may not be swept. Keys are the hexadecimal parts of digests. The decision to remove is taken in the same
 * turn of the event loop as the look at the pins, so no pin comes in between.
 */
export class Pins {
  readonly #holders = new Map<string, number>();
  /** Several sweeps may be at the same one. */
  readonly #removals = new Map<string, Set<Promise<unknown>>>();
  readonly #watches = new Set<Set<string>>();

  /** Protects `hex` until the returned function is called; calling it again does nothing. */
  pin(hex: string): () => void {
    this.#holders.set(hex, (this.#holders.get(hex) ?? 0) + 1);
    for (const watched of this.#watches) watched.add(hex);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const rest = (this.#holders.get(hex) ?? 1) - 1;
      if (rest > 0) this.#holders.set(hex, rest);
      else this.#holders.delete(hex);
    };
  }

  /** Waits for every removal of `hex` that had begun before it was pinned. */
  async settled(hex: string): Promise<void> {
    await Promise.all(this.#removals.get(hex) ?? []);
  }

  /** Begins to remember what is pinned, for a sweep: that stays even when it is released before the sweep ends. */
  watch(): PinWatch {
    const watched = new Set<string>();
    this.#watches.add(watched);
    const isHeld = (hex: string) => this.#holders.has(hex) || watched.has(hex);
    return {
      isHeld,
      removeUnlessHeld: async (hex, remove) => !isHeld(hex) && (await this.#remove(hex, remove)),
      end: () => this.#watches.delete(watched),
    };
  }

  async #remove(hex: string, remove: () => Promise<boolean>): Promise<boolean> {
    const removal = remove();
    const settled = removal.catch(() => false);
    const removals = this.#removals.get(hex) ?? new Set();
    this.#removals.set(hex, removals.add(settled));
    try {
      return await removal;
    } finally {
      removals.delete(settled);
      if (removals.size === 0 && this.#removals.get(hex) === removals) this.#removals.delete(hex);
    }
  }
}

/** What one sweep sees of the pins. */
export type PinWatch = {
  /** Whether `hex` is pinned, or was at any time since the watch began. */
  isHeld(hex: string): boolean;
  /** Runs `remove` unless `hex` is held; the answer is that of `remove`, or false. */
  removeUnlessHeld(hex: string, remove: () => Promise<boolean>): Promise<boolean>;
  end(): void;
};

const byRoot = new Map<string, Pins>();

/** The pins of a store's folder, the same for every store object that this thread opens on it. */
export function pinsOf(root: string): Pins {
  const pins = byRoot.get(root) ?? new Pins();
  byRoot.set(root, pins);
  return pins;
}
