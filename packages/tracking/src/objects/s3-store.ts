import { PassThrough, pipeline, type Readable } from "node:stream";
import { ObjectError } from "./errors.ts";
import { checkKey, checkPrefix } from "./key.ts";
import type { ObjectInfo, ObjectRange, ObjectStore, OpenObject, PutObjectOptions } from "./object-store.ts";
import { checkBounds, rangeError, sizeError } from "./range.ts";
import { abortAbandoned } from "./s3-abandoned.ts";
import { connectS3, type S3Connection } from "./s3-client.ts";
import { copyInside } from "./s3-copy.ts";
import { createObject } from "./s3-create.ts";
import { codedS3Error, statusOf } from "./s3-error.ts";
import { SourceFailure } from "./s3-parts.ts";
import { type Target, upload } from "./s3-upload.ts";

/** S3 removes so many objects in one request. */
const mostRemoved = 1000;

/** Opens the part of a bucket whose keys begin with the prefix: empty, or ending with a slash. */
export async function openS3Store(place: { bucket: string; prefix: string }): Promise<ObjectStore> {
  return new S3Store(await connectS3(), place);
}

class S3Store implements ObjectStore {
  readonly url: string;
  readonly #connection: S3Connection;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(connection: S3Connection, { bucket, prefix }: { bucket: string; prefix: string }) {
    this.url = `s3://${bucket}/${prefix}`.replace(/\/$/, "");
    this.#connection = connection;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options: PutObjectOptions = {},
  ): Promise<void> {
    const target = this.#target(key);
    const { size } = options;
    if (content instanceof Uint8Array && size !== undefined && size !== content.length) {
      throw sizeError(key, { said: size, found: content.length });
    }
    await this.#asking(`write ${key}`, () => upload(this.#connection, target, { ...options, content }));
  }

  async create(
    key: string,
    content: Uint8Array,
    { contentType }: Pick<PutObjectOptions, "contentType"> = {},
  ): Promise<boolean> {
    const target = this.#target(key);
    return this.#asking(`write ${key}`, () =>
      createObject(this.#connection, target, { content, contentType }),
    );
  }

  async get(key: string, range?: ObjectRange): Promise<OpenObject | undefined> {
    const target = this.#target(key);
    const { sdk, client } = this.#connection;
    const Range = range && rangeHeader(checkBounds(key, range));
    try {
      const { Body, ContentLength } = await client.send(new sdk.GetObjectCommand({ ...target, Range }));
      return { stream: this.#coded(`read ${key}`, Body as Readable), size: ContentLength ?? 0 };
    } catch (error) {
      if ((error as Error).name === "NoSuchKey") return undefined;
      if (range && statusOf(error) === 416) throw rangeError(key, range);
      throw codedS3Error(error, `read ${key}`, this.url);
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const target = this.#target(key);
    const { sdk, client } = this.#connection;
    try {
      const { ContentLength, LastModified } = await client.send(new sdk.HeadObjectCommand(target));
      return { size: ContentLength ?? 0, modifiedMs: LastModified?.getTime() ?? 0 };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw codedS3Error(error, `look for ${key}`, this.url);
    }
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo & { key: string }> {
    const { sdk, client } = this.#connection;
    const asked = { Bucket: this.#bucket, Prefix: `${this.#prefix}${checkPrefix(prefix)}` };
    let ContinuationToken: string | undefined;
    do {
      const command = new sdk.ListObjectsV2Command({ ...asked, ContinuationToken });
      const page = await this.#asking(`list ${prefix}`, () => client.send(command));
      for (const { Key = "", Size = 0, LastModified } of page.Contents ?? []) {
        const key = Key.slice(this.#prefix.length);
        // Some tools mark folders with empty objects.
        if (!key.endsWith("/")) yield { key, size: Size, modifiedMs: LastModified?.getTime() ?? 0 };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async copy(from: string, to: string): Promise<boolean> {
    const places = { from: this.#target(from), to: this.#target(to) };
    const found = await this.head(from);
    if (found === undefined) return false;
    await this.#asking(`copy ${from} to ${to}`, () =>
      copyInside(this.#connection, { ...places, size: found.size }),
    );
    return true;
  }

  async delete(keys: readonly string[]): Promise<void> {
    const Objects = keys.map((key) => ({ Key: this.#target(key).Key }));
    const { sdk, client } = this.#connection;
    for (let from = 0; from < Objects.length; from += mostRemoved) {
      const Delete = { Objects: Objects.slice(from, from + mostRemoved), Quiet: true };
      const command = new sdk.DeleteObjectsCommand({ Bucket: this.#bucket, Delete });
      const { Errors = [] } = await this.#asking("remove objects", () => client.send(command));
      const [first] = Errors;
      if (first === undefined) continue;
      throw new ObjectError(
        first.Code === "AccessDenied" ? "SCANFLOW_OBJECT_DENIED" : "SCANFLOW_OBJECT_FAILED",
        `Could not remove ${Errors.length} objects of ${this.url}, such as ${first.Key} (${first.Code}). Allow these credentials to delete objects, then run again.`,
      );
    }
  }

  async abortUploads(prefix: string, beforeMs: number): Promise<number> {
    const place = { Bucket: this.#bucket, Prefix: `${this.#prefix}${checkPrefix(prefix)}` };
    return this.#asking("take back uploads", () => abortAbandoned(this.#connection, { ...place, beforeMs }));
  }

  async close(): Promise<void> {
    this.#connection.client.destroy();
  }

  #target(key: string): Target {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${checkKey(key)}` };
  }

  async #asking<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SourceFailure) throw error.cause;
      throw codedS3Error(error, action, this.url);
    }
  }

  /** The same bytes, with errors on the way coded. */
  #coded(action: string, body: Readable): Readable {
    const { url } = this;
    const coded = new PassThrough({
      destroy(error, done) {
        done(error && (codedS3Error(error, action, url) as Error));
      },
    });
    return pipeline(body, coded, () => undefined);
  }
}

function rangeHeader({ start, end }: ObjectRange): string {
  return `bytes=${start}-${end ?? ""}`;
}
