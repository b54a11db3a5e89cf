import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
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
server.httpServer.on("request", (request, response) => {
  const { method, url } = request;
  response.once("finish", () => tell({ method, url, status: response.statusCode }));
});
tell({ port });
await once(process, "disconnect");
process.exit();
