import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Docker } from "./docker.ts";
import { answerError, connectionError, DockerError } from "./docker-error.ts";
import { endpointText } from "./endpoint.ts";

/** What the daemon says while it builds, pushes or loads (moby: pkg/jsonmessage). */
export interface DockerMessage {
  /** A line of a build, as it is written. */
  readonly stream?: string;
  readonly status?: string;
  /** What the status is of, such as a layer. */
  readonly id?: string;
  /** In bytes. */
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly aux?: {
    readonly ID?: string;
    readonly Tag?: string;
    readonly Digest?: string;
    readonly Size?: number;
  };
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string; readonly code?: number };
}

/** JSON values that come one after another, one a line. */
export async function* readMessages<Message>(answer: Readable): AsyncGenerator<Message, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let begun = "";
  for await (const chunk of answer) {
    const lines = (begun + decoder.write(chunk as Buffer)).split("\n");
    begun = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line) as Message;
  }
  if (begun.trim() !== "") yield JSON.parse(begun) as Message;
}

/**
 * Reads to the end what the daemon tells of its work. Throws the coded error of the one by which it says it failed, and
 * that of a daemon that went away.
 */
export async function followWork(
  { endpoint }: Docker,
  answer: Readable,
  { what, tell = () => undefined }: { what: string; tell?: ((message: DockerMessage) => void) | undefined },
): Promise<void> {
  try {
    for await (const message of readMessages<DockerMessage>(answer)) {
      if (message.error !== undefined) {
        throw answerError(null, message.errorDetail?.message ?? message.error, what);
      }
      tell(message);
    }
  } catch (error) {
    throw error instanceof DockerError ? error : connectionError(error, endpointText(endpoint));
  }
}
