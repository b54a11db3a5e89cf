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

/** A store in the folder `.store` of an empty folder to work in; durable only where a test asks for it. */
export async function temporaryStore({
  durable = false,
} = {}): Promise<{ store: ArtifactStore; work: string }> {
  const work = temporaryFolder();
  return { store: await openArtifactStore({ root: join(work, ".store"), durable }), work };
}
