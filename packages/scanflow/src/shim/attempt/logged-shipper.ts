import { open } from "node:fs/promises";
import type { GatewayClient } from "../gateway-client.ts";

/** Sends what a function step adds to its file of metrics and tags. */
export class LoggedShipper {
  readonly #client: GatewayClient;
  readonly #path: string;
  #position = 0;
  #looking: Promise<void> | undefined;

  constructor(client: GatewayClient, path: string) {
    this.#client = client;
    this.#path = path;
  }

  /** Sends what came since, as far as it goes by whole lines; one call at a time does so. */
  look(): void {
    this.#looking ??= this.#send(false)
      // What failed is sent again at the end, and told then if it fails again.
      .catch(() => undefined)
      .finally(() => {
        this.#looking = undefined;
      });
  }

  /** Sends the rest. */
  async end(): Promise<void> {
    await this.#looking;
    await this.#send(true);
  }

  /** The last line, of what is no longer than a result may be. */
  async last(): Promise<string | null> {
    const file = await open(this.#path).catch(() => undefined);
    if (file === undefined) return null;
    try {
      const { size } = await file.stat();
      const length = Math.min(size, longestLine);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString("utf8").trimEnd().split("\n").at(-1) ?? null;
    } finally {
      await file.close();
    }
  }

  async #send(last: boolean): Promise<void> {
    const file = await open(this.#path).catch(() => undefined);
    if (file === undefined) return;
    try {
      for (;;) {
        const { buffer, bytesRead } = await file.read(
          Buffer.alloc(pieceBytes),
          0,
          pieceBytes,
          this.#position,
        );
        const found = buffer.subarray(0, bytesRead);
        const whole = last || bytesRead === pieceBytes ? found : found.subarray(0, found.lastIndexOf(10) + 1);
        if (whole.length === 0) return;
        await this.#client.send(`/attempt/logged?from=${this.#position}`, {
          method: "POST",
          body: Buffer.from(whole),
          type: "application/octet-stream",
        });
        this.#position += whole.length;
      }
    } finally {
      await file.close();
    }
  }
}

const pieceBytes = 512 * 1024;
/** A result of 1 MiB, written as JSON within JSON. */
const longestLine = 4 * 1024 * 1024;
