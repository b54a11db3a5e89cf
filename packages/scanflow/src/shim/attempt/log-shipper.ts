import type { Readable } from "node:stream";
import type { GatewayClient } from "../gateway-client.ts";
import { frameHeaderBytes, streams } from "../protocol.ts";

/** Output is gathered so long before it is sent. */
const gatherMs = 100;
/** Most bytes that wait to be sent; then the command waits. */
const mostWaiting = 1024 * 1024;

/**
 * Sends what the command writes, both streams in order of arrival. What is sent says where it begins, so a piece that
 * arrives twice counts once.
 */
export class LogShipper {
  readonly #client: GatewayClient;
  readonly #sources: Readable[] = [];
  #frames: Buffer[] = [];
  #bytes = 0;
  #sent = 0;
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;

  constructor(client: GatewayClient) {
    this.#client = client;
  }

  follow(stream: (typeof streams)[number], source: Readable): void {
    this.#sources.push(source);
    source.on("data", (chunk: Buffer) => {
      const header = Buffer.alloc(frameHeaderBytes);
      header.writeUInt8(streams.indexOf(stream), 0);
      header.writeUInt32BE(chunk.length, 1);
      this.#frames.push(header, chunk);
      this.#bytes += header.length + chunk.length;
      if (this.#bytes > mostWaiting) for (const one of this.#sources) one.pause();
      this.#timer ??= setTimeout(() => void this.#send(), gatherMs);
    });
  }

  /** Sends the rest. Throws what kept a piece from being sent. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#bytes > 0 && this.#failure === undefined) await this.#send();
    await this.#sending;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #send(): Promise<void> {
    this.#timer = undefined;
    this.#sending ??= this.#sendNow().finally(() => {
      this.#sending = undefined;
      if (this.#bytes > 0) this.#timer ??= setTimeout(() => void this.#send(), gatherMs);
    });
    return this.#sending;
  }

  async #sendNow(): Promise<void> {
    const body = Buffer.concat(this.#frames);
    this.#frames = [];
    this.#bytes = 0;
    try {
      if (this.#failure !== undefined || body.length === 0) return;
      await this.#client.send(`/attempt/log?from=${this.#sent}`, {
        method: "POST",
        body,
        type: "application/octet-stream",
      });
      this.#sent += body.length;
    } catch (error) {
      // The command goes on: whether the attempt is still wanted is asked by its signs of life.
      this.#failure = error;
    } finally {
      for (const one of this.#sources) one.resume();
    }
  }
}
