/** What Node loads before a thread can start a process, by whatever way. */
const starters = ["Internal Binding process_wrap", "Internal Binding spawn_sync"];

/**
 * Tells whether code of this thread may have started processes by now: it has loaded what starts them, or native code,
 * or has threads of its own. Costs next to nothing while it has not.
 */
export function watchProcessStarts(): () => boolean {
  // Not in Node's types: the names of the built-in parts that this thread has loaded, in order.
  const { moduleLoadList } = process as { readonly moduleLoadList?: readonly string[] };
  let seen = 0;
  let may = moduleLoadList === undefined;
  const { dlopen } = process;
  process.dlopen = (...given: Parameters<typeof dlopen>) => {
    may = true;
    return Reflect.apply(dlopen, process, given);
  };
  process.on("worker", () => {
    may = true;
  });
  return () => {
    if (may || moduleLoadList === undefined) return true;
    if (moduleLoadList.length > seen)
      may = moduleLoadList.slice(seen).some((name) => starters.includes(name));
    seen = moduleLoadList.length;
    return may;
  };
}
