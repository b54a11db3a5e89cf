/** How many file operations are in flight at a time; more only queue for the thread pool. */
const fileWidth = 16;

/**
 * Runs `work` on every item, at most `width` at a time. After a failure no further item is started, and the
 * first failure is thrown when all that were under way have ended, so that cleaning up races with nothing.
 */
export async function eachBounded<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
  width = fileWidth,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failure: { error: unknown } | undefined;
  async function lane(): Promise<void> {
    while (failure === undefined) {
      const next = iterator.next();
      if (next.done) return;
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  }
  await Promise.all(Array.from({ length: width }, lane));
  if (failure !== undefined) throw failure.error;
}
