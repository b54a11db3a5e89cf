import { errorCode } from "@scanflow/core";
import type { DataTransfer } from "../api/index.ts";
import type { Progress } from "../catalog/index.ts";
import { Channel } from "./channel.ts";
import type { OwnerRooms } from "./rooms.ts";

type Done = Omit<Extract<DataTransfer, { kind: "done" }>, "kind">;

/** What a transfer is begun with. */
interface Hearing {
  readonly now: number;
  readonly tell: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** Does a transfer and tells of it; it ends when nobody hears it any more, or when the owner ends. */
export async function* transferData(
  rooms: OwnerRooms,
  signal: AbortSignal | undefined,
  work: (hearing: Hearing) => Promise<Done>,
): AsyncGenerator<DataTransfer> {
  const channel = new Channel<DataTransfer>();
  const left = new AbortController();
  const ends = AbortSignal.any([left.signal, rooms.closing, ...(signal ? [signal] : [])]);
  // A slow reader is told of some progress, not of all.
  const tell = (progress: Progress) => {
    if (channel.size === 0) channel.push(progress);
  };
  const over = rooms
    .taking(() => work({ now: Date.now(), tell, signal: ends }))
    .then((done): DataTransfer => ({ kind: "done", ...done }), failed)
    .then((message) => {
      channel.push(message);
      channel.close();
    });
  try {
    yield* channel;
  } finally {
    left.abort();
    await over;
  }
}

function failed(error: unknown): DataTransfer {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", error: { code: errorCode(error) ?? "SCANFLOW_INTERNAL", message } };
}
