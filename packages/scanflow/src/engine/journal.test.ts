import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Statement } from "@scanflow/tracking/store";
import { expect, onTestFinished, test } from "vitest";
import { engineMigrations, Journal, planStatement } from "./journal.ts";

async function testJournal() {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-journal-"));
  const store = await openStore<unknown>({ location: join(folder, "x.db"), migrations: engineMigrations });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const journal = await Journal.open(store);
  const paused = (run: string) => journal.stamp(run, 1, { event: "run-paused" });
  const along = () => {};
  return { store, journal, paused, along };
}

const impossible: Statement = { sql: "INSERT INTO offsets (consumer, seq) VALUES (NULL, NULL)" };

test("events are stored in the order they were given, with haste or without", async () => {
  const { journal, paused, along } = await testJournal();
  const appends = Array.from({ length: 20 }, (_, at) =>
    journal.append([paused("r")], [], { soon: at % 3 === 0, along }),
  );
  await Promise.all(appends);
  expect((await journal.events("r")).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 20 }, (_, at) => at + 1),
  );
});

test("what has no haste is stored without anything that follows it", async () => {
  const { journal, paused, along } = await testJournal();
  await journal.append([paused("r")], [], { soon: false, along });
  expect(await journal.events("r")).toHaveLength(1);
});

test("what waits behind events that cannot be stored is not stored either, and later events are", async () => {
  const { journal, paused, along } = await testJournal();
  const first = journal.append([paused("a")], [impossible], { soon: true, along });
  const behind = journal.append([paused("a")], [], { soon: true, along });
  await expect(first).rejects.toMatchObject({ code: "SCANFLOW_STORE_CONSTRAINT" });
  await expect(behind).rejects.toMatchObject({ code: "SCANFLOW_STORE_CONSTRAINT" });
  await journal.append([paused("b")], [], { soon: true, along });
  expect(await journal.allEvents(0, 10)).toMatchObject([{ seq: 3, run: "b" }]);
});

test("what is written along with events is stored once they are", async () => {
  const { store, journal, paused } = await testJournal();
  const written: Promise<unknown>[] = [];
  const along = () => written.push(store.write([journal.offsetStatement("reader", 1)]));
  await journal.append([paused("r")], [], { soon: true, along });
  await Promise.all(written);
  expect(await journal.offset("reader")).toBe(1);
});

test("a plan comes back as it was stored, also one that an earlier version stored as text", async () => {
  const { store, journal } = await testJournal();
  const plan = JSON.stringify({ tasks: [{ id: "größe" }] });
  const asText = { sql: "INSERT INTO plans (digest, plan) VALUES (?, ?)", params: ["old", plan] };
  await store.write([planStatement("new", plan), asText]);
  expect(JSON.stringify(await journal.plan("new"))).toBe(plan);
  expect(JSON.stringify(await journal.plan("old"))).toBe(plan);
});

test("a plan that is damaged is named, with what to do", async () => {
  const { store, journal } = await testJournal();
  const { sql, params = [] } = planStatement("whole", JSON.stringify({ tasks: [] }));
  const [, whole] = params;
  if (!(whole instanceof Uint8Array)) throw new Error("the plan is stored as bytes");
  const damaged = { cut: whole.subarray(0, -5), other: new Uint8Array([1, 2, 3]), text: "{" };
  for (const [digest, plan] of Object.entries(damaged)) {
    await store.write([{ sql, params: [digest, plan] }]);
    await expect(journal.plan(digest)).rejects.toMatchObject({
      code: "SCANFLOW_JOURNAL_BROKEN",
      message: expect.stringContaining(digest),
    });
  }
});
