import { assembleRooms } from "./assemble-rooms.test.support.ts";
import { wipe } from "./wipe.ts";

/** Wipes a workflow and ends, as by a power cut, once its rows are gone. */
const [root = "", workflow = ""] = process.argv.slice(2);
await wipe(await assembleRooms(root), {
  workflow,
  now: Date.now(),
  probe: (point) => {
    if (point === "wipe:rows") process.kill(process.pid, "SIGKILL");
  },
});
