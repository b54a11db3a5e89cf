import { errorCode } from "@scanflow/core";
import type { Hearing } from "../catalog/index.ts";
import { Channel } from "./channel.ts";
import type { OwnerRooms } from "./rooms.ts";

/** What a transfer is begun with. */
interface Begun<Progress> extends Hearing<Progress> {
  readonly now: number;
}

interface Failed {
  readonly kind: "failed";
  readonly error: { readonly code: string; readonly message: string };
}

/** Does a transfer and tells of it; it ends when nobody hears it any more, or when the owner ends. */
export async function* tellTransfer<Progress extends { kind: "progress" }, Done extends object>(
  rooms: OwnerRooms,
  signal: AbortSignal | undefined,
  work: (hearing: Begun<Progress>) => Promise<Done>,
): AsyncGenerator<Progress | ({ kind: "done" } & Done) | Failed> {
  type Message = Progress | ({ kind: "done" } & Done) | Failed;
  const channel = new Channel<Message>();
  const left = new AbortController();
  const ends = AbortSignal.any([left.signal, rooms.closing, ...(signal ? [signal] : [])]);
  // A slow reader is told of some progress, not of all.
  const tell = (progress: Progress) => {
    if (channel.size === 0) channel.push(progress);
  };
  const over = rooms
    .taking(() => work({ now: Date.now(), tell, signal: ends }))
    .then((done): Message => ({ kind: "done", ...done }), failed)
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

function failed(error: unknown): Failed {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", error: { code: errorCode(error) ?? "SCANFLOW_INTERNAL", message } };
}
