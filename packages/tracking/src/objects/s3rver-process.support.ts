import { once } from "node:events";
import { existsSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";

interface Server {
  run(): Promise<AddressInfo>;
  readonly httpServer: import("node:http").Server;
}

type Start = new (options: Record<string, unknown>) => Server;
const require = createRequire(import.meta.url);
const S3rver = require("s3rver") as Start;

const [directory, ...buckets] = process.argv.slice(2);
const server = new S3rver({
  address: "127.0.0.1",
  port: 0,
  silent: true,
  directory,
  configureBuckets: buckets.map((name) => ({ name })),
});
/** Whoever listened may be gone already. */
const tell = (message: object) => process.send?.(message, undefined, undefined, () => undefined);
const { port } = await server.run();

/** Where s3rver keeps an object. */
const fileOf = (url: string) =>
  join(directory ?? "", `${decodeURIComponent(new URL(url, "http://localhost").pathname)}._S3rver_object`);

/** Conditional writes, which s3rver knows nothing of, as S3 has them: 412 where there is one, 409 while one is written. */
const [answer] = server.httpServer.listeners("request") as RequestListener[];
const arriving = new Set<string>();
server.httpServer.removeAllListeners("request");
server.httpServer.on("request", (request, response) => {
  const { method, url = "" } = request;
  if (method === "PUT" && request.headers["if-none-match"] === "*") {
    const there = existsSync(fileOf(url));
    const refused = there ? [412, "PreconditionFailed"] : [409, "ConditionalRequestConflict"];
    if (there || arriving.has(url)) {
      response.writeHead(Number(refused[0]), { "content-type": "application/xml" });
      response.end(`<Error><Code>${refused[1]}</Code><Message>of the key</Message></Error>`);
      return;
    }
    arriving.add(url);
  }
  response.once("close", () => arriving.delete(url));
  answer?.(request, response);
});
server.httpServer.on("request", (request, response) => {
  const { method, url } = request;
  response.once("finish", () => tell({ method, url, status: response.statusCode }));
});
tell({ port });
await once(process, "disconnect");
process.exit();
