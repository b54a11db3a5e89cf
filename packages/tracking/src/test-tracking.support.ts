import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type ArtifactStore, openArtifactStore } from "./artifacts/index.ts";
import { openTracking, type Tracking, type TrackingOptions, trackingMigrations } from "./index.ts";
import { openStore, type Store } from "./store/index.ts";
import { testLocation } from "./store/test-location.support.ts";

export interface TestTracking {
  readonly tracking: Tracking;
  readonly store: Store<unknown>;
  readonly artifacts: ArtifactStore;
  /** Puts the clock forward; it stands still otherwise, at 1,000,000 ms. */
  readonly passMs: (ms: number) => void;
}

/** A tracker on a real database and artifact store in a folder that is removed after the test. */
export async function openTestTracking(
  options: Pick<TrackingOptions, "webhooks"> = {},
): Promise<TestTracking> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-tracking-"));
  let nowMs = 1_000_000;
  const store = await openStore({
    location: await testLocation({ tracked: true }),
    migrations: trackingMigrations,
  });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
  const tracking = await openTracking({ store, artifacts, clock: () => nowMs, ...options });
  return {
    tracking,
    store,
    artifacts,
    passMs: (ms) => {
      nowMs += ms;
    },
  };
}

/** Bytes as a stream of one chunk. */
export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
