export { readWorkerSettings } from "./settings.ts";
export { workerRunner } from "./worker-runner.ts";
