import { expect, onTestFinished, test } from "vitest";
import type { Runner } from "../runners/runner.ts";
import { go, heard, held, openTestEngine, planOf, statuses, temporaryFolder } from "./engine.test.support.ts";
import { outliving } from "./outliving.test.support.ts";

test("what goes on is taken over first, and what is lost is ended side by side", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const platform = outliving();
  const before = await openTestEngine(folder.path, { before: platform });
  onTestFinished(before.close);
  const small = { run: held, resources: { cpu: 0.1 } };
  const nodes = { a: small, b: small, c: small };
  const run = await before.engine.start(planOf(nodes));
  await Promise.all(["a", "b", "c"].map((task) => heard(run, "attempt-started", task)));

  const calls: string[] = [];
  const both = Promise.withResolvers<void>();
  const forgetful = (inner: Runner): Runner => {
    const runner = platform(inner);
    return {
      ...runner,
      async adopt(spec, listener) {
        calls.push(`adopt ${spec.task}`);
        return spec.task === "b" ? (runner.adopt?.(spec, listener) ?? null) : null;
      },
      async reclaim({ task }) {
        calls.push(`reclaim ${task}`);
        if (calls.includes("reclaim a") && calls.includes("reclaim c")) both.resolve();
        await both.promise;
      },
    };
  };
  const { engine, close } = await openTestEngine(folder.path, { before: forgetful });
  onTestFinished(close);
  const again = await engine.resume(run.id);
  expect(calls).toEqual(["adopt a", "adopt b", "adopt c", "reclaim a", "reclaim c"]);
  expect(statuses(again).b).toBe("running");
  await go(folder.path);
  expect(await again.rest()).toBe("finished");
  expect(again.status).toBe("succeeded");
});

test("a run of containers is not gone on with as processes of this machine; it can be cancelled there", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const containers = (runner: Runner): Runner => ({ ...runner, check: () => undefined });
  const before = await openTestEngine(folder.path, { before: containers });
  const image = { run: "touch made", environment: { image: "debian:bookworm-slim" } };
  const nodes = { ask: { kind: "approval", message: "?" }, next: { ...image, after: ["ask"] } };
  const run = await before.engine.start(planOf(nodes));
  expect(await run.rest()).toBe("waiting");
  await before.close();

  const { engine, close } = await openTestEngine(folder.path);
  onTestFinished(close);
  const refused = { code: "SCANFLOW_ENVIRONMENT_UNSUPPORTED" };
  await expect(engine.resume(run.id)).rejects.toMatchObject(refused);
  const again = await engine.resume(run.id, { toEnd: true });
  again.send({ kind: "cancel", reason: "no" });
  expect(await again.rest()).toBe("finished");
  expect(again.status).toBe("cancelled");
});
