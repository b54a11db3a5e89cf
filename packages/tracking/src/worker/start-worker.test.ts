import { once } from "node:events";
import { expect, test } from "vitest";
import { startWorker } from "./index.ts";

test("a worker runs from sources beside its caller and can hide the flag for sources", async () => {
  const worker = startWorker("./echo-worker.support", import.meta.url, { data: { n: 1 } });
  const [message] = await once(worker, "message");
  expect(message).toEqual({ data: { n: 1 }, before: ["--conditions=source"], after: [] });
});

test("a built caller starts the built worker", async () => {
  const built = import.meta.url.replace(/\.ts$/, ".js");
  const worker = startWorker("./echo-worker.support", built);
  const [error] = await once(worker, "error");
  expect(String(error)).toContain("echo-worker.support.js");
});
