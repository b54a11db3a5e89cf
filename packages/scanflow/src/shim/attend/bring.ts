import { mkdir, rename, rm } from "node:fs/promises";
import type { GatewayClient } from "../gateway-client.ts";
import type { Order } from "../protocol.ts";
import { unpack } from "../tar/unpack.ts";
import { writeMark } from "./mark.ts";
import { survey } from "./survey.ts";

/** Puts what the last attempt left into the checkpoint's folder, which is there, and notes what the owner has of it. */
export async function bringCheckpoint(
  client: GatewayClient,
  { checkpoint, places }: Pick<Order, "checkpoint" | "places">,
): Promise<void> {
  const place = places.checkpoint;
  if (checkpoint) {
    const draft = `${place}.part`;
    await client.download("/attempt/checkpoint", async (content) => {
      await rm(draft, { recursive: true, force: true });
      await mkdir(draft);
      await unpack(content, draft);
    });
    await rm(place, { recursive: true, force: true });
    await rename(draft, place);
  }
  await writeMark((await survey(place, { mostBytes: Number.POSITIVE_INFINITY })).print);
}
