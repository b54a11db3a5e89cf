import type { Readable } from "node:stream";

/** Offsets of the first and the last byte wanted, both included; an `end` past the last byte means the last. */
export interface ObjectRange {
  readonly start: number;
  readonly end?: number;
}

export interface PutObjectOptions {
  /** Bytes, if known: then what is sent must have as many (`SCANFLOW_OBJECT_SIZE`). */
  readonly size?: number;
  /** What S3 tells those that fetch the object without this store; a folder does not keep it. */
  readonly contentType?: string;
}

/** `size` is in bytes; `modifiedMs` the time of the last write in milliseconds since 1970, as the store tells it. */
export interface ObjectInfo {
  readonly size: number;
  readonly modifiedMs: number;
}

/** `size` is how many bytes the stream gives. Read the stream or destroy it: it holds a file or a connection. */
export interface OpenObject {
  readonly stream: Readable;
  readonly size: number;
}

/**
 * Bytes under keys, in a folder or in S3. A key is a relative path with `/` between its parts: at most 1000 bytes
 * of UTF-8, 200 a part, no part empty, `.` or `..`, no backslash and no control character; the first part is not
 * `.incoming`. A key may not be the folder of another one. Errors: SCANFLOW_OBJECT_KEY for any other key, and the
 * codes of trouble with S3 or (SCANFLOW_STORAGE_…) with the disk.
 */
export interface ObjectStore {
  /** Where it is, without secrets: a URL. */
  readonly url: string;
  /** Writes an object, whole or not at all; one that was there is replaced. */
  put(
    key: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options?: PutObjectOptions,
  ): Promise<void>;
  /**
   * Writes a small object where there is none, whole or not at all; false when there is one. Of several that do so at
   * once one succeeds, also in other processes and on other machines. An S3 that knows no conditional writes
   * (`If-None-Match`) may let several: read afterwards what is there.
   */
  create(key: string, content: Uint8Array, options?: Pick<PutObjectOptions, "contentType">): Promise<boolean>;
  /** Reads an object or a part of it (SCANFLOW_OBJECT_RANGE); undefined when there is none. */
  get(key: string, range?: ObjectRange): Promise<OpenObject | undefined>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** All objects whose key begins with the prefix (any text that keys may begin with), in the order of their bytes. */
  list(prefix: string): AsyncIterable<ObjectInfo & { readonly key: string }>;
  /** Copies an object inside the store, whole or not at all, and sets its time to now; false when there is none. */
  copy(from: string, to: string): Promise<boolean>;
  /** Removes objects; those that are not there are passed over. */
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Takes back uploads of objects whose keys begin with the prefix that were begun before that time (milliseconds since
   * 1970) and whose process ended in the middle; gives how many. A folder has none: they go when it is opened.
   */
  abortUploads(prefix: string, beforeMs: number): Promise<number>;
  /** Lets go of connections. */
  close(): Promise<void>;
}
