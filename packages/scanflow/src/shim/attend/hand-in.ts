import { realpath } from "node:fs/promises";
import { chunkBytes } from "../attempt/folder-entries.ts";
import type { GatewayClient } from "../gateway-client.ts";
import type { CheckpointAnswer } from "../protocol.ts";
import { type TarEntry, writeTar } from "../tar/write-tar.ts";
import { Changed, openFound } from "./open-found.ts";
import { type Found, survey, walk } from "./survey.ts";

export interface HandedIn {
  readonly folder: string;
  readonly mostBytes: number;
  /** With what it has to end as it begins; null: it is sent as it is found, file by file. */
  readonly print: string | null;
}

/**
 * Sends a checkpoint as one archive: whole, or the owner throws away what came. Gives whether the owner keeps it, which
 * says in the task's log why if not. Throws `Changed`, and what the client throws.
 */
export async function handIn(client: GatewayClient, checkpoint: HandedIn): Promise<boolean> {
  const body = () => writeTar(entriesOf(checkpoint));
  const { kept } = await client.send<CheckpointAnswer>("/attend/checkpoint", {
    method: "PUT",
    body,
    type: "application/octet-stream",
  });
  return kept;
}

async function* entriesOf({ folder, mostBytes, print }: HandedIn): AsyncGenerator<TarEntry> {
  const root = await realpath(folder);
  for await (const found of walk(root)) {
    const { path, stats, link } = found;
    if (stats.isSymbolicLink()) yield { kind: "link", path, link };
    else if (stats.isDirectory()) yield { kind: "folder", path };
    else yield* fileOf(found);
  }
  // Before the end of the archive, without which it counts for nothing.
  if (print !== null && (await survey(root, { mostBytes })).print !== print) throw new Changed();
}

async function* fileOf(found: Found): AsyncGenerator<TarEntry> {
  const file = await openFound(found);
  try {
    const { size, mode } = await file.stat();
    yield {
      kind: "file",
      path: found.path,
      size,
      executable: (mode & 0o100) !== 0,
      // No more than it had: it may grow meanwhile.
      content: () =>
        file.createReadStream({
          start: 0,
          end: Math.max(0, size - 1),
          autoClose: false,
          highWaterMark: chunkBytes,
        }),
    };
  } finally {
    await file.close();
  }
}
