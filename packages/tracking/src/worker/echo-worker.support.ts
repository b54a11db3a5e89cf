import { parentPort, workerData } from "node:worker_threads";
import { hideSourceFlags } from "./index.ts";

const before = process.execArgv;
hideSourceFlags();
parentPort?.postMessage({ data: workerData, before, after: process.execArgv });
