import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../store/temporary-folder.support.ts";
import { openTrackingServer, withTracking, withUpkeep } from "./index.ts";
import { recordFile } from "./server-record.ts";

/** Records lie beside SQLite files alone. */
test("the record that a killed server left leads no purge to the server that has its address now", async () => {
  const folder = await temporaryFolder();
  const place = (name: string) => ({ store: `sqlite:///${name}.db`, artifacts: "files", folder });
  await withTracking(place("mine"), async () => {});
  const other = await openTrackingServer({ ...place("other"), port: 0 });
  onTestFinished(() => other.close());
  const file = recordFile(join(folder, "mine.db"));
  writeFileSync(file, JSON.stringify({ pid: 1, url: other.url, token: "of the killed one" }));
  await withTracking(place("mine"), async () => {
    const asked = withUpkeep(place("mine"), ({ purge }) => purge({ kind: "deleted", olderThanMs: 0 }, false));
    await expect(asked).rejects.toMatchObject({ code: "SCANFLOW_STORE_IN_USE" });
  });
});
