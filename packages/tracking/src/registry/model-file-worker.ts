import { parentPort, workerData } from "node:worker_threads";
import { parseModelFile } from "./model-file.ts";

parentPort?.postMessage(JSON.stringify(await parseModelFile(String(workerData))));
