import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { entity: string; action: string; timestamp: string; data: Record<string, unknown> };
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Resolves once that many requests have come. */
  readonly until: (count: number) => Promise<Received[]>;
}

type Answer = { status: number; headers?: Record<string, string>; body?: string } | "never";

/** A real HTTP server that keeps what it is told; `answer` says what to the nth request (from 0). */
export async function openReceiver(
  answer: (nth: number) => Answer = () => ({ status: 200 }),
): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const said = answer(received.length);
    const { url: path = "", headers } = request;
    received.push({ path, headers, text, body: text === "" ? {} : JSON.parse(text) });
    for (const look of waiting) look();
    if (said === "never") return;
    response.writeHead(said.status, said.headers).end(said.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const until = (count: number) =>
    new Promise<Received[]>((resolve) => {
      const look = () => {
        if (received.length < count) return;
        waiting.delete(look);
        resolve(received);
      };
      waiting.add(look);
      look();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, until };
}
