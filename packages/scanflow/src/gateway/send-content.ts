import { Readable } from "node:stream";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { Content } from "../shim/protocol.ts";
import { type TarEntry, writeTar } from "../shim/tar/write-tar.ts";

/** What the gateway needs of the artifact store. */
export type GatewayArtifacts = Pick<ArtifactStore, "publish" | "materialise" | "open" | "entries" | "stat">;

/** An artifact as it crosses: a file as it is, a folder as an archive. */
export async function sendContent(artifacts: GatewayArtifacts, { digest, kind }: Content): Promise<Readable> {
  if (kind === "file") return (await artifacts.open(digest)).stream;
  return Readable.from(writeTar(entriesOf(artifacts, digest)), { objectMode: false });
}

async function* entriesOf(artifacts: GatewayArtifacts, digest: string): AsyncGenerator<TarEntry> {
  for (const entry of await artifacts.entries(digest)) {
    if (entry.kind !== "file") yield entry;
    else {
      const { path, size, executable } = entry;
      const content = async function* () {
        yield* (await artifacts.open(entry.digest)).stream;
      };
      yield { kind: "file", path, size, executable, content };
    }
  }
}
