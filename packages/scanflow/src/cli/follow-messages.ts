import { codedError } from "./coded-error.ts";

/** What one hears of a work of the owner that takes a while. */
export type Message =
  | { readonly kind: "progress" | "done" }
  | { readonly kind: "failed"; readonly error: { readonly code: string; readonly message: string } };

export type Of<M extends Message, Kind> = Extract<M, { readonly kind: Kind }>;

/** Hears what the owner tells of a work; gives what came of it. Errors: those of the work. */
export async function followMessages<M extends Message>(
  messages: AsyncIterable<M>,
  onProgress: (progress: Of<M, "progress">) => void,
): Promise<Of<M, "done">> {
  for await (const message of messages) {
    if (is(message, "done")) return message;
    if (message.kind === "failed") throw codedError(message.error.code, message.error.message);
    if (is(message, "progress")) onProgress(message);
  }
  throw codedError("SCANFLOW_OWNER_CLOSING", "The owner ended. Run the command again.");
}

function is<M extends Message, Kind extends M["kind"]>(message: M, kind: Kind): message is Of<M, Kind> {
  return message.kind === kind;
}
