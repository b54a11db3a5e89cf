import type { Readable } from "node:stream";
import { LogFrames } from "../../docker/index.ts";
import type { AttemptLog } from "../log/attempt-log.ts";

/** Writes a container's two streams into the log of its attempt until they end. */
export async function writeOutput(output: Readable, log: AttemptLog): Promise<void> {
  const streams = { stdout: log.stream(), stderr: log.stream() };
  const frames = new LogFrames((stream, chunk) => streams[stream].write(chunk));
  try {
    for await (const chunk of output) frames.write(chunk as Buffer);
  } finally {
    for (const stream of Object.values(streams)) stream.end();
  }
}
