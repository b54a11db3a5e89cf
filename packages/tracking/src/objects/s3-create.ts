import { setTimeout } from "node:timers/promises";
import type { S3Connection } from "./s3-client.ts";
import { statusOf } from "./s3-error.ts";
import type { Target } from "./s3-upload.ts";

/** How often others may be found in the middle of the same: with the waits between, for half a minute. */
const mostTries = 35;
const longestWaitMs = 1000;

/** From 25 ms on twice as long each time, and spread, so that those who wait for one write do not collide again. */
const waitMs = (tries: number) => Math.min(longestWaitMs, 12.5 * 2 ** tries) * (0.5 + Math.random());

/**
 * Writes an object unless there is one (the header `If-None-Match: *` of S3's PutObject); false when there is one. S3
 * answers 412 then, and 409 while another write of the key is under way.
 */
export async function createObject(
  { sdk, client }: S3Connection,
  target: Target,
  { content, contentType }: { readonly content: Uint8Array; readonly contentType?: string | undefined },
): Promise<boolean> {
  const put = { ...target, Body: content, ...(contentType && { ContentType: contentType }) };
  const isThere = () =>
    client.send(new sdk.HeadObjectCommand(target)).then(
      () => true,
      (error: unknown) => {
        if (statusOf(error) === 404) return false;
        throw error;
      },
    );
  for (let tries = 1; ; tries++) {
    // Also for those that do not know the header.
    if (await isThere()) return false;
    try {
      await client.send(new sdk.PutObjectCommand({ ...put, IfNoneMatch: "*" }));
      return true;
    } catch (error) {
      const status = statusOf(error);
      if (status === 412) return false;
      if (status === 501) return client.send(new sdk.PutObjectCommand(put)).then(() => true);
      if (status !== 409 || tries === mostTries) throw error;
      await setTimeout(waitMs(tries));
    }
  }
}
