import type { CompletedPart } from "@aws-sdk/client-s3";
import type { S3Connection } from "./s3-client.ts";
import { multipart, type Target } from "./s3-upload.ts";

const gibibyte = 1024 ** 3;
/** S3 copies no more than this in one request. */
const mostCopyBytes = 5 * gibibyte;

/** Copies an object of `size` bytes inside S3; onto itself too, which renews its time. */
export async function copyInside(
  connection: S3Connection,
  { from, to, size }: { from: Target; to: Target; size: number },
): Promise<void> {
  const { sdk, client } = connection;
  const CopySource = `${from.Bucket}/${from.Key.split("/").map(encodeURIComponent).join("/")}`;
  if (size <= mostCopyBytes) {
    await client.send(new sdk.CopyObjectCommand({ ...to, CopySource, MetadataDirective: "REPLACE" }));
    return;
  }
  await multipart(connection, to, async (UploadId) => {
    const parts: CompletedPart[] = [];
    for (let start = 0; start < size; start += gibibyte) {
      const PartNumber = parts.length + 1;
      const CopySourceRange = `bytes=${start}-${Math.min(start + gibibyte, size) - 1}`;
      const input = { ...to, UploadId, PartNumber, CopySource, CopySourceRange };
      const { CopyPartResult } = await client.send(new sdk.UploadPartCopyCommand(input));
      parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    return parts;
  });
}
