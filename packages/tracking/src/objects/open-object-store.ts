import { fileURLToPath } from "node:url";
import { ObjectError } from "./errors.ts";
import { openFileStore } from "./file-store.ts";
import { checkKey } from "./key.ts";
import type { ObjectStore } from "./object-store.ts";
import { openS3Store } from "./s3-store.ts";

/**
 * Opens an object store by its address: `file:///FOLDER` or `s3://BUCKET/PREFIX`. S3's endpoint, region and
 * credentials are those of the standard AWS_… variables and files (`AWS_ENDPOINT_URL_S3` for another S3 than
 * Amazon's); nothing is asked of S3 yet. Errors: SCANFLOW_OBJECT_URL, SCANFLOW_OBJECT_CLIENT.
 *
 * ```ts
 * import { openObjectStore } from "@scanflow/tracking/objects";
 *
 * const objects = await openObjectStore("s3://team-data/scanflow");
 * await objects.put("notes/hello.txt", Buffer.from("hello"));
 * for await (const { key, size } of objects.list("notes/")) console.log(key, size);
 * await objects.close();
 * ```
 */
export async function openObjectStore(url: string): Promise<ObjectStore> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.username || parsed?.password) {
    throw urlError(maskUrl(parsed), "holds a secret. Give it in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  if (parsed?.search || parsed?.hash) throw urlError(url, "has a part after ? or #. Leave that away");
  if (parsed?.protocol === "file:") return openFileStore(folderOf(url));
  const [, bucket, rest = ""] =
    /^s3:\/\/([a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-zA-Z0-9])(\/.*)?$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw urlError(url, "is not the address of an object store. Write file:///FOLDER or s3://BUCKET/PREFIX");
  }
  const prefix = rest.replace(/^\/+|\/+$/g, "");
  return openS3Store({ bucket, prefix: prefix === "" ? "" : `${checkKey(prefix)}/` });
}

function folderOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw urlError(url, "names no folder here. Write file:///FOLDER", cause);
  }
}

function maskUrl(url: URL): string {
  const masked = new URL(url);
  masked.username = "***";
  masked.password = "";
  return masked.href;
}

function urlError(url: string, problem: string, cause?: unknown): ObjectError {
  return new ObjectError("SCANFLOW_OBJECT_URL", `${JSON.stringify(url)} ${problem}.`, { cause });
}
