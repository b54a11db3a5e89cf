import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import process from "node:process";

interface Server {
  run(): Promise<AddressInfo>;
  readonly httpServer: import("node:http").Server;
}

type Start = new (options: Record<string, unknown>) => Server;
const S3rver = createRequire(import.meta.url)("s3rver") as Start;

const [directory, ...buckets] = process.argv.slice(2);
const server = new S3rver({
  address: "127.0.0.1",
  port: 0,
  silent: true,
  directory,
  configureBuckets: buckets.map((name) => ({ name })),
});
const { port } = await server.run();
server.httpServer.on("request", (request, response) => {
  const { method, url } = request;
  response.once("finish", () => process.send?.({ method, url, status: response.statusCode }));
});
process.send?.({ port });
await once(process, "disconnect");
process.exit();
