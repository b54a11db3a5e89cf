import type { Readable } from "node:stream";
import { badRequest } from "../refusal.ts";

/** The body as it comes; one that breaks off in the middle must not become an artifact. */
export async function* wholeBody(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (cause) {
    throw badRequest(`The upload broke off: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
