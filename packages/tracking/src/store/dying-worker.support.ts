import { parentPort } from "node:worker_threads";

/** A thread that says it is ready and ends at its first call, as after a crash. */
parentPort?.postMessage({ call: 0, value: undefined });
parentPort?.once("message", () => process.exit(3));
