import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ScanflowError } from "@scanflow/core";

/**
 * Looks whether gzipped files are whole, beside their reading: DuckDB takes one that was cut for one that ends there,
 * and half of the rows would pass for all.
 *
 * @throws ScanflowError SCANFLOW_DATA_UNREADABLE
 */
export async function needWholeGzip(files: readonly string[], signal?: AbortSignal): Promise<void> {
  for (const file of files) {
    if (!/\.gz$/i.test(file)) continue;
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    await pipeline(createReadStream(file), createGunzip(), nowhere, { ...(signal && { signal }) }).catch(
      (cause: unknown) => {
        if (signal?.aborted) throw signal.reason;
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new ScanflowError(
          "SCANFLOW_DATA_UNREADABLE",
          `"${file}" is no whole gzip file (${reason}). Write or fetch it again.`,
          { cause },
        );
      },
    );
  }
}
