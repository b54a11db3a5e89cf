import { onTestFinished } from "vitest";
import { type ChildServer, type Launch, startTrack } from "../../bench/tracking/child-server.ts";

/** Starts `scanflow track` for one test: whatever becomes of the test, the server ends with it. */
export async function startTrackServer(launch: Launch, port = 0): Promise<ChildServer> {
  const server = await startTrack(launch, port);
  onTestFinished(async () => {
    server.signal("SIGKILL");
    await server.ended;
  });
  return server;
}
