import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import { type FolderContent, folderDigest } from "../folder-digest.ts";
import type { GatewayClient } from "../gateway-client.ts";
import type { End, Order, OrderedOutput } from "../protocol.ts";
import { hashed } from "../tar/unpack.ts";
import { writeTar } from "../tar/write-tar.ts";
import { chunkBytes, folderEntries } from "./folder-entries.ts";

type Published = Pick<End, "outputs" | "outputFaults">;

/** Sends every output that is there. What it is, and whether one is missing, is judged by the owner. */
export async function publishAll(client: GatewayClient, order: Order): Promise<Published> {
  const outputs: Record<string, string> = {};
  const outputFaults: { name: string; what: string }[] = [];
  for (const output of order.outputs) {
    const source = await sourceOf(output, order.folder);
    if (source === undefined) continue;
    if (typeof source !== "string") outputFaults.push(source);
    else outputs[output.name] = await send(client, output.name, source);
  }
  return { outputs, outputFaults };
}

/** Where the content of an output lies: a link may stand for it that leads to something else of the attempt. */
async function sourceOf({ name, path }: OrderedOutput, folder: string) {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined) return { name, what: "it is a symbolic link that leads nowhere" };
  const inside = relative(await realpath(folder), target);
  if (inside !== ".." && !inside.startsWith(`..${sep}`)) return target;
  return { name, what: `it is a symbolic link to ${target}, outside the task's folder` };
}

async function send(client: GatewayClient, name: string, source: string): Promise<string> {
  const found = await stat(source);
  const route = `/attempt/outputs/${encodeURIComponent(name)}`;
  // Of the content as it was sent last, since it may have to be sent again.
  let sent = "";
  const body = found.isDirectory()
    ? async function* folder() {
        const content: FolderContent[] = [];
        yield* writeTar(folderEntries(source, content));
        sent = folderDigest(content);
      }
    : async function* file() {
        const hash = createHash("sha256");
        yield* hashed(createReadStream(source, { highWaterMark: chunkBytes }), hash);
        sent = `sha256:${hash.digest("hex")}`;
      };
  const kind = found.isDirectory() ? "folder" : "file";
  await client.send(`${route}?kind=${kind}`, { method: "PUT", body, type: "application/octet-stream" });
  return sent;
}
