import type { ArtifactStore } from "@scanflow/tracking/artifacts";

/** Artifacts that a run is about to refer to: no sweep takes them before its events do. */
export class Holds {
  readonly #artifacts: Pick<ArtifactStore, "pin">;
  readonly #held = new Map<string, () => void>();

  constructor(artifacts: Pick<ArtifactStore, "pin">) {
    this.#artifacts = artifacts;
  }

  hold(digest: string): void {
    if (!this.#held.has(digest)) this.#held.set(digest, this.#artifacts.pin(digest));
  }

  release(): void {
    for (const release of this.#held.values()) release();
    this.#held.clear();
  }
}
