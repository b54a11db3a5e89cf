import type { CompletedPart } from "@aws-sdk/client-s3";
import type { PutObjectOptions } from "./object-store.ts";
import type { S3Connection } from "./s3-client.ts";
import { partsOf } from "./s3-parts.ts";

/** Where an upload goes: the bucket and the whole key in it. */
export interface Target {
  readonly Bucket: string;
  readonly Key: string;
}

/** How many parts are on their way at a time; as many are in memory, and two more. */
const width = 3;

/**
 * Uploads content: in one request what fits in one part, everything else part by part. Nothing is to be seen of
 * it until all is there; when it fails, the parts are taken back.
 */
export async function upload(
  { sdk, client }: S3Connection,
  target: Target,
  { content, size, contentType }: PutObjectOptions & { content: AsyncIterable<Uint8Array> | Uint8Array },
): Promise<void> {
  const typed = { ...target, ...(contentType && { ContentType: contentType }) };
  const put = (Body: Uint8Array) => client.send(new sdk.PutObjectCommand({ ...typed, Body }));
  const source = content instanceof Uint8Array ? once(content) : content;
  const parts = partsOf(target.Key, source, size);
  const first = await parts.next();
  if (first.done) return void (await put(new Uint8Array()));
  const second = await parts.next();
  if (second.done) return void (await put(first.value));
  await multipart({ sdk, client }, typed, (upload) =>
    sendParts([first.value, second.value], parts, async (PartNumber, Body) => {
      const command = new sdk.UploadPartCommand({ ...target, UploadId: upload, PartNumber, Body });
      const { ETag } = await client.send(command);
      return { PartNumber, ETag };
    }),
  );
}

/** Runs `send` between the start and the end of a multipart upload; aborts it when `send` fails. */
export async function multipart(
  { sdk, client }: S3Connection,
  target: Target & { readonly ContentType?: string },
  send: (upload: string) => Promise<CompletedPart[]>,
): Promise<void> {
  const { Bucket, Key } = target;
  const { UploadId = "" } = await client.send(new sdk.CreateMultipartUploadCommand(target));
  try {
    const Parts = await send(UploadId);
    const MultipartUpload = { Parts };
    await client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
  } catch (error) {
    // What made the upload fail may make this fail too; a rule of the bucket removes what is left then.
    await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
    throw error;
  }
}

async function sendParts(
  ready: readonly Buffer[],
  rest: AsyncIterable<Buffer>,
  send: (part: number, body: Buffer) => Promise<CompletedPart>,
): Promise<CompletedPart[]> {
  const sent: CompletedPart[] = [];
  const onTheirWay = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  let count = 0;
  const begin = (body: Buffer) => {
    count += 1;
    const part = send(count, body)
      .then(
        (done) => void sent.push(done),
        (error: unknown) => {
          failure ??= { error };
        },
      )
      .finally(() => onTheirWay.delete(part));
    onTheirWay.add(part);
  };
  try {
    for (const body of ready) begin(body);
    for await (const body of rest) {
      while (onTheirWay.size >= width) await Promise.race(onTheirWay);
      if (failure) break;
      begin(body);
    }
  } finally {
    await Promise.all(onTheirWay);
  }
  if (failure) throw failure.error;
  return sent.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
