import { assembleRooms } from "./assemble-rooms.test.support.ts";
import { purgeTracker } from "./purge-tracker.ts";

/** Purges a model and ends, as by a power cut, once its rows are gone. */
const [root = "", name = ""] = process.argv.slice(2);
await purgeTracker(await assembleRooms(root), {
  target: { kind: "model", name },
  now: Date.now(),
  probe: () => process.kill(process.pid, "SIGKILL"),
});
