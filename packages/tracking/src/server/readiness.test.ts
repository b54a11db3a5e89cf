import { expect, test } from "vitest";
import { openStore } from "../store/index.ts";
import { readinessOf } from "./readiness.ts";

test("a store that answers is ready, and one that is closed says why it is not", async () => {
  const store = await openStore({ location: ":memory:", migrations: [] });
  expect(await readinessOf(store, 60_000)).toEqual({ ready: true });
  await store.close();
  expect(await readinessOf(store, 60_000)).toMatchObject({
    ready: false,
    reason: expect.stringContaining("SCANFLOW_STORE_CLOSED"),
  });
});

test("a store that is silent for too long is not ready", async () => {
  const store = await openStore({ location: ":memory:", migrations: [] });
  const busy = store.read(
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT MAX(i) FROM n",
  );
  expect(await readinessOf(store, 1)).toMatchObject({
    ready: false,
    reason: expect.stringContaining("1 ms"),
  });
  await busy;
  await store.close();
});
