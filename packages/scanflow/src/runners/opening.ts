/** What is opened when it is first needed, by all who need it together, and again after a failure. */
export class Opening<T> {
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | undefined;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  need(): Promise<T> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /** undefined where nobody needed it, or it could not be opened. */
  async ifOpen(): Promise<T | undefined> {
    return this.#opened?.catch(() => undefined);
  }
}
