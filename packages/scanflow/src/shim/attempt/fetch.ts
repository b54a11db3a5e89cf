import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { folderDigest } from "../folder-digest.ts";
import type { GatewayClient } from "../gateway-client.ts";
import type { Content, Order } from "../protocol.ts";
import { hashed, unpack } from "../tar/unpack.ts";

/** Puts everything in place that the command expects: an empty folder with its inputs and files, and the code. */
export async function fetchAll(client: GatewayClient, order: Order): Promise<void> {
  await clear(order);
  if (order.code !== null) await fetchCode(client, order, order.code);
  for (const input of order.inputs) {
    await fetchContent(client, `/attempt/inputs/${encodeURIComponent(input.name)}`, input);
    await makeReadOnly(input.path);
  }
  for (const { path, text } of order.files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  await mkdir(join(order.folder, "outputs"), { recursive: true });
  for (const { path } of order.outputs) await mkdir(dirname(path), { recursive: true });
  await mkdir(order.places.checkpoint, { recursive: true });
}

const ours = [
  "inputs",
  "outputs",
  "params.json",
  "step.json",
  "result.json",
  "heartbeat",
  "logged.ndjson",
  "notebook",
];

/** What an earlier attempt left; the checkpoint stays where it is the same task's. */
async function clear({ folder, run, task, places }: Order): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ours) await removeAll(join(folder, name));
  const mark = join(folder, "checkpoint-of");
  const whose = `${run}\n${task}\n`;
  const was = await readFile(mark, "utf8").catch(() => undefined);
  if (was === whose) return;
  // The folder itself may be a mount, which cannot be removed.
  for (const name of await readdir(places.checkpoint).catch(() => [])) {
    if (was !== undefined) await removeAll(join(places.checkpoint, name));
  }
  await writeFile(mark, whose);
}

async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(async () => {
    await makeWritable(path);
    await rm(path, { recursive: true, force: true });
  });
}

/** The application's files change between runs; what was fetched before is not fetched again. */
async function fetchCode(client: GatewayClient, { folder, root }: Order, code: Content): Promise<void> {
  const mark = join(folder, "code-digest");
  if ((await readFile(mark, "utf8").catch(() => "")) === code.digest) return;
  await rm(mark, { force: true });
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root)) await removeAll(join(root, name));
  await client.download("/attempt/code", async (content) => {
    for (const name of await readdir(root)) await removeAll(join(root, name));
    checkDigest(folderDigest(await unpack(content, root)), code.digest, "the application's files");
  });
  await writeFile(mark, code.digest);
}

/** Downloads to a place beside, and moves it where it belongs once it is known to be whole. */
async function fetchContent(
  client: GatewayClient,
  route: string,
  { path, kind, digest, name }: Order["inputs"][number],
): Promise<void> {
  const draft = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  await client.download(route, async (content) => {
    await rm(draft, { recursive: true, force: true });
    if (kind === "folder") {
      await mkdir(draft);
      checkDigest(folderDigest(await unpack(content, draft)), digest, `input "${name}"`);
      return;
    }
    const hash = createHash("sha256");
    await pipeline(hashed(content, hash), createWriteStream(draft));
    checkDigest(`sha256:${hash.digest("hex")}`, digest, `input "${name}"`);
  });
  await rename(draft, path);
}

/** What came is not what was promised; another try may do better. */
function checkDigest(found: string, wanted: string, what: string): void {
  if (found === wanted) return;
  throw Object.assign(new Error(`${what} did not come whole: ${found} in place of ${wanted}`), {
    code: "ECONNRESET",
  });
}

async function makeReadOnly(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  const files = entries
    ?.filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const file of files ?? [path]) await chmod(file, (await stat(file)).mode & 0o555);
}

async function makeWritable(path: string): Promise<void> {
  await chmod(path, 0o700).catch(() => undefined);
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(path, entry.name));
}
