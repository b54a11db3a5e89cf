import { Agent, type IncomingMessage, request } from "node:http";

/** The same client for every server, so that the client is not what is compared. */
export class HttpClient {
  readonly #base: URL;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string) {
    this.#base = new URL(url);
  }

  /** Sends text that is ready to be sent, reads the whole answer; throws unless it is a 200. */
  async post(path: string, body: string): Promise<string> {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    return textOf(await this.#exchange("POST", path, headers, body));
  }

  async get(path: string): Promise<string> {
    return textOf(await this.#exchange("GET", path, {}));
  }

  /** Reads an answer without keeping it; gives its size in bytes. */
  async drain(path: string): Promise<number> {
    const answer = await this.#exchange("GET", path, {});
    let size = 0;
    for await (const chunk of answer) size += (chunk as Buffer).length;
    return size;
  }

  /** Sends so many bytes as a file. */
  async put(path: string, size: number): Promise<void> {
    const piece = Buffer.alloc(1 << 20, "scanflow");
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = request(this.#at("PUT", path, { "content-length": size }), resolve);
    sent.on("error", reject);
    for (let left = size; left > 0; left -= piece.length) {
      if (!sent.write(left < piece.length ? piece.subarray(0, left) : piece)) {
        await new Promise((drained) => sent.once("drain", drained));
      }
    }
    sent.end();
    await textOf(await promise);
  }

  close(): void {
    this.#agent.destroy();
  }

  #at(method: string, path: string, headers: Record<string, string | number>) {
    const { hostname, port } = this.#base;
    return { hostname, port, method, path, headers, agent: this.#agent };
  }

  #exchange(
    method: string,
    path: string,
    headers: Record<string, string | number>,
    body?: string,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#at(method, path, headers), resolve);
      sent.on("error", (error: NodeJS.ErrnoException) => {
        // The server had closed the connection, as nothing had come for a while.
        const isStale = sent.reusedSocket && error.code === "ECONNRESET";
        if (isStale) this.#exchange(method, path, headers, body).then(resolve, reject);
        else reject(error);
      });
      sent.end(body);
    });
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  answer.setEncoding("utf8");
  let text = "";
  for await (const chunk of answer) text += chunk;
  if (answer.statusCode === 200) return text;
  throw new Error(`a request was answered ${answer.statusCode}: ${text.slice(0, 500)}`);
}
