import { openArtifactStore } from "../artifacts/index.ts";
import { openTracking, trackingMigrations } from "../index.ts";
import { openStore } from "../store/index.ts";
import { collectTrackerGarbage } from "./collect-tracker-garbage.ts";
import { purgeByName } from "./purge-by-name.ts";

/** Purges an experiment, or collects garbage, and says where it is; at the point that is named it ends, as by a power cut. */
const [location = "", root = "", work = "", point = ""] = process.argv.slice(2);
const store = await openStore<unknown>({ location, migrations: trackingMigrations });
const tracking = await openTracking({ store, artifacts: await openArtifactStore({ root }) });
const probe = (at: string) => {
  if (at === point) process.kill(process.pid, "SIGKILL");
};
if (work === "gc") await collectTrackerGarbage(tracking, { graceMs: 0, probe });
else await purgeByName(tracking, { kind: "experiment", name: work }, { probe });
await store.close();
