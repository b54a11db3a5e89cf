import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { ArchiveError } from "./errors.ts";
import { damaged, noArchive } from "./refusal.ts";
import { type TarFile, writeTar } from "./tar-stream.ts";

/** An archive's bytes without their compression. Errors: SCANFLOW_PACK_FORMAT, SCANFLOW_PACK_DAMAGED. */
export async function* readGzip(file: string): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  const piped = pipeline(source, gunzip);
  // Awaited below; what fails before that is told by the reading.
  piped.catch(() => {});
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
    await piped;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "EISDIR") {
      const message = `There is no archive at ${file}. Correct the path.`;
      throw new ArchiveError("SCANFLOW_PACK_FORMAT", message, { cause: error });
    }
    if (!code.startsWith("Z_")) throw error;
    const never = error instanceof Error && /incorrect header check/.test(error.message);
    if (never) throw noArchive("it is not compressed as one", error);
    throw damaged("its compressed content is cut off or altered", error);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** Writes a compressed tar file, which appears whole or not at all. `refuseTaken` throws where something lies there. */
export async function writeArchive(
  out: string,
  files: AsyncIterable<TarFile> | Iterable<TarFile>,
  refuseTaken: (out: string) => void,
): Promise<void> {
  refuseTaken(out);
  const draft = join(dirname(out), `.${basename(out).slice(0, 40)}.${randomUUID()}.partial`);
  try {
    const sink = createWriteStream(draft, { flags: "wx", mode: 0o600 });
    await pipeline(Readable.from(writeTar(files), { objectMode: false }), createGzip(), sink);
    refuseTaken(out);
    await rename(draft, out);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
