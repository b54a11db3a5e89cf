import type { S3Connection } from "./s3-client.ts";
import { statusOf } from "./s3-error.ts";

export interface AbandonedUploads {
  readonly Bucket: string;
  /** The beginning of the whole key. */
  readonly Prefix: string;
  /** Begun before, in milliseconds since 1970. */
  readonly beforeMs: number;
}

/** Not every S3 lists uploads, and not all credentials may ask. */
const unlisted: ReadonlySet<number | undefined> = new Set([403, 405, 501]);

/**
 * Takes back multipart uploads whose process ended in the middle of them: nobody sees their parts, and they are paid
 * for. Gives how many there were; 0 where S3 does not say.
 */
export async function abortAbandoned(
  { sdk, client }: S3Connection,
  { Bucket, Prefix, beforeMs }: AbandonedUploads,
): Promise<number> {
  let aborted = 0;
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const asked = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix, ...markers });
    const page = await client.send(asked).catch((error: unknown) => {
      if (unlisted.has(statusOf(error))) return undefined;
      throw error;
    });
    for (const { Key, UploadId, Initiated } of page?.Uploads ?? []) {
      if (Initiated === undefined || Initiated.getTime() >= beforeMs) continue;
      await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      aborted += 1;
    }
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page ?? {};
    if (!IsTruncated || NextKeyMarker === undefined) return aborted;
    markers = { KeyMarker: NextKeyMarker, ...(NextUploadIdMarker && { UploadIdMarker: NextUploadIdMarker }) };
  }
}
