import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type ArtifactStore, openArtifactStore } from "../index.ts";

/** An empty folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "scanflow-artifacts-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store and an empty folder beside it to work in. */
export async function temporaryStore(): Promise<{ store: ArtifactStore; work: string }> {
  const work = temporaryFolder();
  return { store: await openArtifactStore({ root: join(work, ".store") }), work };
}
