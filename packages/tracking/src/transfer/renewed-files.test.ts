import { statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesOf, openTestTracking } from "../test-tracking.support.ts";
import { storeFiles } from "./import-files.ts";

test("what an import relies on counts as new: a server that shares the files would take it for old", async () => {
  const { tracking, artifacts } = await openTestTracking();
  const { digest, size } = await artifacts.put(bytesOf("here already"));
  const hex = digest.slice("sha256:".length);
  const folder = await artifacts.putFolder([{ kind: "file", path: "f", digest: `sha256:${hex}`, size }]);
  const entries = await artifacts.entries(folder.digest);
  const manifest = folder.digest.slice("sha256:".length);
  const file = join(artifacts.root, "sha256", hex.slice(0, 2), hex);
  const list = join(artifacts.root, "folders", manifest.slice(0, 2), manifest);
  const old = new Date(Date.now() - 3_600_000);
  const open = () => bytesOf("here already");
  const records = [
    { record: { path: "a", digest, size, open }, paths: [file] },
    { record: { path: "b", digest: folder.digest, size, entries, open }, paths: [file, list] },
  ];
  for (const { record, paths } of records) {
    for (const path of paths) utimesSync(path, old, old);
    async function* one() {
      yield record;
    }
    const { release } = await storeFiles(tracking.context, one(), { uri: "mlflow-artifacts:/1" });
    release();
    for (const path of paths) expect(statSync(path).mtimeMs).toBeGreaterThan(old.getTime() + 60_000);
  }
});
