import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { StreamLog } from "../../data/stream/index.ts";
import { applicationState } from "../../engine/index.ts";
import { codedError } from "../coded-error.ts";
import type { Call } from "../command.ts";
import { applicationRoot } from "../session.ts";

/** The option of every command about streams. */
export const storeOption = { store: z.string().min(1, "must name a file or a database").optional() };

/** Opens the record log, for as long as the work takes. Errors: SCANFLOW_CONFIG_MISSING, SCANFLOW_STORE_…. */
export async function withStreams<T>(
  call: Call,
  store: string | undefined,
  work: (log: StreamLog) => Promise<T>,
): Promise<T> {
  const { StreamLog } = await import("../../data/stream/index.ts");
  const location = await placeOf(call, store);
  const log = await StreamLog.open({ location });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

async function placeOf(call: Call, store: string | undefined): Promise<string> {
  if (store !== undefined && /^postgres(ql)?:\/\//.test(store)) return store;
  const file =
    store === undefined
      ? applicationState(applicationRoot(call)).streams
      : resolve(call.directory, store.replace(/^sqlite:\/\/\//, ""));
  await mkdir(dirname(file), { recursive: true });
  return file;
}

export function unknownStream(stream: string): Error {
  return codedError(
    "SCANFLOW_STREAM_UNKNOWN",
    `There is no stream "${stream}". "scanflow stream ls" lists them.`,
  );
}
