import { setFlagsFromString } from "node:v8";

/**
 * Lets V8 collect earlier, in this thread and in those started later. A wide run makes much that is soon garbage; left
 * alone, V8 keeps up to 48 MB of young objects a thread and lets the old ones double before it looks. Measured over
 * 5,000 function tasks: peak memory falls by a quarter, CPU rises by less than its noise. For processes that are
 * Scanflow's own; call it before anything is loaded.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--max-semi-space-size=4");
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=20");
}
