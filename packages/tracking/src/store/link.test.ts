import { expect, test } from "vitest";
import { startWorker } from "../worker/index.ts";
import { Link } from "./link.ts";

test("a thread that ends rejects every waiting call and every later one", async () => {
  const link = new Link(startWorker("./dying-worker.support", import.meta.url));
  await link.ready();
  const calls = [link.call({ kind: "read", queries: [] }), link.call({ kind: "read", queries: [] })];
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: "SCANFLOW_STORE_WORKER_LOST" });
  await expect(link.call({ kind: "read", queries: [] })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_WORKER_LOST",
  });
  await link.close();
});
