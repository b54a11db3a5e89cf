import type { Readable } from "node:stream";
import { LogFrames } from "../../docker/index.ts";
import type { AttemptLog, LogStream } from "../log/attempt-log.ts";

/** A container's two streams on their way into the log of its attempt, over one connection or several. */
export class ContainerOutput {
  readonly #streams: { readonly stdout: LogStream; readonly stderr: LogStream };
  /** In bytes. */
  readonly #written = { stdout: 0, stderr: 0 };

  constructor(log: AttemptLog) {
    this.#streams = { stdout: log.stream(), stderr: log.stream() };
  }

  /** Writes what comes over one connection until that ends. Each begins with the container: what is known is passed over. */
  async take(output: Readable): Promise<void> {
    const known = { ...this.#written };
    const frames = new LogFrames((stream, chunk) => {
      const again = Math.min(chunk.length, known[stream]);
      known[stream] -= again;
      if (again === chunk.length) return;
      this.#streams[stream].write(chunk.subarray(again));
      this.#written[stream] += chunk.length - again;
    });
    for await (const chunk of output) frames.write(chunk as Buffer);
  }

  end(): void {
    for (const stream of Object.values(this.#streams)) stream.end();
  }
}
