import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { TarError } from "../shim/tar/tar-block.ts";
import { unpack } from "../shim/tar/unpack.ts";
import { requestError } from "./refusal.ts";

export interface TakenOutput {
  readonly kind: "file" | "folder";
  /** Where it is to lie, below the attempt's own folder. */
  readonly place: string;
  readonly workdir: string;
  readonly limitBytes: number;
  readonly signal: AbortSignal;
  /** Puts what has come whole in its place. */
  readonly put?: (draft: string, place: string) => Promise<void>;
}

/** Takes an output in: it lies at its place whole, or not at all. Errors: SCANFLOW_GATEWAY_REQUEST. */
export async function takeOutput(source: Readable, output: TakenOutput): Promise<void> {
  const { kind, place, workdir, limitBytes, signal, put = putAnew } = output;
  const draft = join(workdir, "incoming", randomBytes(8).toString("hex"));
  await mkdir(dirname(draft), { recursive: true });
  const stop = () => source.destroy(new Error("the attempt is over"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (kind === "folder") {
      await mkdir(draft);
      await unpack(source, draft, { limitBytes });
    } else await pipeline(limited(source, limitBytes), createWriteStream(draft, { flags: "wx" }));
    signal.throwIfAborted();
    await mkdir(dirname(place), { recursive: true });
    await put(draft, place);
  } catch (error) {
    if (error instanceof TarError) throw requestError(`The archive is refused: ${error.message}`);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    await rm(draft, { recursive: true, force: true });
  }
}

async function putAnew(draft: string, place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await rename(draft, place);
}

async function* limited(source: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of source) {
    total += chunk.length;
    if (total > limitBytes) throw requestError(`The file has more than ${limitBytes} bytes`);
    yield chunk;
  }
}
