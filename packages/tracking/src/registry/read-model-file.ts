import { startWorker } from "../worker/index.ts";
import { parseModelFile } from "./model-file.ts";
import type { Signature } from "./signature.ts";

/** As long as any that a client writes, but for very wide tables; it is read in a moment. */
const longestAtOnce = 16 * 1024;
/** YAML may be written so that a megabyte takes a minute, during which nobody else may have to wait. */
const patienceMs = 5000;
const mostMegabytes = 512;

let before: Promise<unknown> = Promise.resolve();

/** Reads the text of a file MLmodel, a long one in a thread of its own; undefined when it is none or takes too long. */
export function readModelFile(content: string): Promise<Signature | undefined> {
  if (content.length <= longestAtOnce) return parseModelFile(content);
  const reading = before.then(() => readApart(content));
  before = reading;
  return reading;
}

/** Never fails: a model is registered also when its description cannot be read. */
function readApart(content: string): Promise<Signature | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const worker = startWorker("./model-file-worker", import.meta.url, {
    data: content,
    name: "model-file",
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  const timer = setTimeout(() => resolve(undefined), patienceMs);
  worker.once("message", resolve);
  worker.once("error", () => resolve(undefined));
  worker.once("exit", () => resolve(undefined));
  return promise.then(async (said) => {
    clearTimeout(timer);
    await worker.terminate();
    return said === undefined ? undefined : (JSON.parse(said) as Signature);
  });
}
