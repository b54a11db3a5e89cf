import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openArtifactStore } from "../artifacts/index.ts";
import { openTracking } from "../index.ts";
import { searchRuns } from "../runs/search-runs.ts";
import { openStore } from "../store/index.ts";
import { temporaryFolder } from "../store/temporary-folder.support.ts";
import { testLocation } from "../store/test-location.support.ts";
import { trackingMigrations } from "./tracking-tables.ts";

const before = trackingMigrations.slice(
  0,
  trackingMigrations.findIndex(({ id }) => id === "010-values"),
);
// Longer than an entry of a PostgreSQL index can be, however it is pressed.
const long = randomBytes(4000).toString("base64").slice(0, 5000);

async function opened(location: string, migrations = trackingMigrations) {
  const store = await openStore({ location, migrations });
  const artifacts = await openArtifactStore({ root: await temporaryFolder() });
  return { store, tracking: await openTracking({ store, artifacts }) };
}

test("runs of a database from before the indices by value are found by them, short values and long", async () => {
  const location = await testLocation();
  const older = await opened(location, before);
  const experimentId = await older.tracking.ensureExperiment("e");
  const start = (runId: string, value: string) => ({
    runId,
    experimentId,
    name: runId,
    startTime: 1,
    params: [{ key: "p", value }],
    tags: [{ key: "t", value }],
  });
  await older.tracking.startRuns([start("a", "x"), start("b", long), start("c", "y")]);
  await older.store.close();

  const { store, tracking } = await opened(location);
  await tracking.startRuns([start("d", `${long.slice(0, -1)}~`)]);
  const found = async (filter: string, orderBy: string[] = []) => {
    const page = await searchRuns(tracking.context, { experimentIds: [experimentId], filter, orderBy });
    return page.items.map(({ info }) => info.runId);
  };
  for (const name of ["params.p", "tags.t"]) {
    expect(await found(`${name} = 'x'`)).toEqual(["a"]);
    expect(await found(`${name} = '${long}'`)).toEqual(["b"]);
    expect(await found(`${name} LIKE '${long.slice(0, 200)}%'`)).toEqual(["b", "d"]);
    expect(await found("", [`${name} DESC`])).toEqual(
      ["a", "b", "c", "d"].toSorted((one, other) => {
        const values: Record<string, string> = { a: "x", b: long, c: "y", d: `${long.slice(0, -1)}~` };
        return (values[one] ?? "") < (values[other] ?? "") ? 1 : -1;
      }),
    );
  }
  await store.close();
});
