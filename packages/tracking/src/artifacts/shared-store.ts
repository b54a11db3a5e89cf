import { copyTo } from "./copy-to.ts";
import { ArtifactError } from "./errors.ts";
import type { ArtifactStore, ContentStore } from "./store.ts";

/**
 * How many digests are remembered as shared, so that nobody asks for them again, and how long: others may sweep what they
 * share, and leave what is so young.
 */
const mostKnown = 100_000;
const knownMs = 10 * 60_000;

/**
 * A folder of this machine whose content others are to have, who can reach `shared` and not the folder. What is stored
 * lies in both before its digest is given; what the folder lacks is read from `shared`, and fetched where it has to lie
 * in a file. A sweep clears the folder alone. Closes both.
 */
export function sharedStore(own: ArtifactStore, shared: ContentStore): ArtifactStore {
  /** When each was last seen there. */
  const seen = new Map<string, number>();
  const sharing = new Once();
  const fetching = new Once();

  const share = (digest: string): Promise<void> =>
    sharing.run(digest, async () => {
      const now = Date.now();
      if (now - (seen.get(digest) ?? Number.NEGATIVE_INFINITY) < knownMs) return;
      await copyTo(own, shared, [digest]);
      if (seen.size >= mostKnown) seen.clear();
      seen.set(digest, now);
    });

  const fetch = (digest: string): Promise<void> =>
    fetching.run(digest, async () => {
      if (!(await own.has(digest))) await copyTo(shared, own, [digest]);
    });

  const afterwards = async <Made extends { readonly digest: string }>(
    making: Promise<Made>,
  ): Promise<Made> => {
    const made = await making;
    const release = own.pin(made.digest);
    try {
      await share(made.digest);
    } finally {
      release();
    }
    return made;
  };

  /** Damaged content of the folder is set aside when it is read: what was missing or damaged is asked of the other. */
  const eitherOf = async <T>(read: (store: ContentStore) => Promise<T>): Promise<T> => {
    try {
      return await read(own);
    } catch (error) {
      if (!isLost(error)) throw error;
      return read(shared);
    }
  };

  const store: ArtifactStore = {
    root: own.root,
    put: (source, options) => afterwards(own.put(source, options)),
    putFolder: async (entries) => {
      for (const entry of entries) if (entry.kind === "file") await fetch(entry.digest);
      return afterwards(own.putFolder(entries));
    },
    renew: async (digest, size) => {
      const renewed = (await own.renew(digest, size)) && (await shared.renew(digest, size));
      if (!renewed) seen.delete(digest);
      return renewed;
    },
    publish: (path, options) => afterwards(own.publish(path, options)),
    materialise: async (digest, destination, options) => {
      try {
        return await own.materialise(digest, destination, options);
      } catch (error) {
        if (!isLost(error)) throw error;
        await fetch(digest);
        return own.materialise(digest, destination, options);
      }
    },
    open: (digest, range) => eitherOf((one) => one.open(digest, range)),
    entries: (digest) => eitherOf((one) => one.entries(digest)),
    openEntry: (digest, path, range) => eitherOf((one) => one.openEntry(digest, path, range)),
    has: async (digest) => {
      if (!(await own.has(digest))) return shared.has(digest);
      await share(digest);
      return true;
    },
    stat: async (digest) => (await own.stat(digest)) ?? shared.stat(digest),
    verify: (digest) => eitherOf((one) => one.verify(digest)),
    pin: (digest) => {
      const releases = [own.pin(digest), shared.pin(digest)];
      return () => {
        for (const release of releases) release();
      };
    },
    sweep: (options) => own.sweep(options),
    copyTo: (other, digests) => copyTo(store, other, digests),
    close: async () => {
      await own.close();
      await shared.close();
    },
  };
  return store;
}

function isLost(error: unknown): boolean {
  return (
    error instanceof ArtifactError &&
    (error.code === "SCANFLOW_ARTIFACT_MISSING" || error.code === "SCANFLOW_ARTIFACT_CORRUPT")
  );
}

/** Work of one name is done by one, for all who want it meanwhile. */
class Once {
  readonly #under = new Map<string, Promise<void>>();

  run(name: string, work: () => Promise<void>): Promise<void> {
    const known = this.#under.get(name);
    if (known) return known;
    const begun = work().finally(() => this.#under.delete(name));
    this.#under.set(name, begun);
    return begun;
  }
}
