export { hideSourceFlags, type StartWorkerOptions, startWorker } from "./start-worker.ts";
