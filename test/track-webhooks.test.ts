import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { folderOf } from "./cli.test.support.ts";
import { post } from "./tracking/post.test.support.ts";
import { startTrackServer } from "./tracking/track-server.test.support.ts";

const run = promisify(execFile);
const bin = join(import.meta.dirname, "../packages/scanflow/bin/scanflow.js");
const events = [{ entity: "REGISTERED_MODEL", action: "CREATED" }];

/** A certificate authority of our own, and what a server of the name `localhost` shows that it signed. */
async function certificates(folder: string) {
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=Test CA",
    "-days",
    "2",
  );
  await openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  await writeFile(join(folder, "names"), "subjectAltName=DNS:localhost\n");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
  await openssl("x509", "-req", "-in", "server.csr", ...signed, "-out", "server.pem");
  return {
    ca: join(folder, "ca.pem"),
    key: await readFile(join(folder, "server.key")),
    cert: await readFile(join(folder, "server.pem")),
  };
}

/** An HTTPS server that keeps what it is told. */
async function openReceiver(options: { key: Buffer; cert: Buffer }) {
  const received: { name: string; signature: unknown }[] = [];
  const server = createServer(options, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { name: string } };
    received.push({ name: data.name, signature: request.headers["x-mlflow-signature"] });
    response.end("thanks");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, port: (server.address() as AddressInfo).port };
}

test("a webhook speaks HTTPS with a receiver whose authority is made known, and with no other", async () => {
  const folder = await folderOf({});
  const { ca, ...shown } = await certificates(folder);
  const receiver = await openReceiver(shown);
  const tell = async (env: NodeJS.ProcessEnv, host: string) => {
    const options = ["--allow-private-webhooks"];
    const server = await startTrackServer({ nodeArguments: [bin], folder, options, env });
    const hook = { name: host, url: `https://${host}:${receiver.port}/hook`, secret: "key", events };
    const { webhook } = await post<{ webhook: { webhook_id: string } }>(server.url, "webhooks", hook);
    const { result } = await post<{ result: object }>(server.url, `webhooks/${webhook.webhook_id}/test`, {});
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    return result;
  };
  const trusting = { NODE_EXTRA_CA_CERTS: ca };
  expect(await tell(trusting, "localhost")).toEqual({
    success: true,
    response_status: 200,
    response_body: "thanks",
  });
  expect(receiver.received).toEqual([
    { name: "example_model", signature: expect.stringMatching(/^v1,[\w+/]+=*$/) },
  ]);
  // Another name than the certificate's, and an authority that nobody made known.
  expect(await tell(trusting, "127.0.0.1")).toMatchObject({ success: false });
  expect(await tell({}, "localhost")).toMatchObject({
    success: false,
    error_message: expect.stringMatching(/certificate/i),
  });
  expect(receiver.received).toHaveLength(1);
});
