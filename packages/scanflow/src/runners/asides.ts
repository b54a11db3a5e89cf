/** Work that nobody waits for at the time, such as the removal of a container. What goes wrong in it is passed over. */
export class Asides {
  readonly #under = new Set<Promise<unknown>>();

  readonly take = (work: Promise<unknown>): void => {
    const done = work.catch(() => undefined).finally(() => this.#under.delete(done));
    this.#under.add(done);
  };

  /** Holds once all that was taken so far has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#under);
  }
}
