import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { onTestFinished } from "vitest";
import { openTestServer, type TestServer } from "../../test-server.support.ts";

/** Answers a request itself and says so, or leaves it to the tracker. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface FaultyServer extends TestServer {
  readonly url: string;
  /** Every request, as `GET /path?query`. */
  readonly asked: string[];
  fault: Fault;
}

/** A real tracker that listens, behind one who may answer wrongly in its place. */
export async function openFaultyServer(): Promise<FaultyServer> {
  const server = await openTestServer();
  const asked: string[] = [];
  const http = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!faulty.fault(request, response)) void forward(server.app, request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  const faulty: FaultyServer = { ...server, url: `http://127.0.0.1:${port}`, asked, fault: () => false };
  return faulty;
}

async function forward(
  app: FastifyInstance,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url, headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await app.inject({
    method: method as "GET",
    url: url ?? "/",
    headers: { "content-type": headers["content-type"] ?? "application/json" },
    ...(chunks.length > 0 && { payload: Buffer.concat(chunks) }),
  });
  response.writeHead(answer.statusCode, { "content-type": String(answer.headers["content-type"]) });
  response.end(answer.rawPayload);
}
