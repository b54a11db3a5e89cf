import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { restTracker } from "./rest-tracker.ts";

/** `HOST:PORT` of a server that answers so. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a name and a password in the address are used, before those of the environment, and never shown", async () => {
  const seen: (string | undefined)[] = [];
  const place = await serve(({ headers }, response) => {
    seen.push(headers.authorization);
    response.writeHead(500).end("broken");
  });
  const env = { MLFLOW_TRACKING_TOKEN: "t" };
  const asked = restTracker(`http://eve:s%3Acr%25t@${place}/`, env).run("r");
  await expect(asked).rejects.toMatchObject({
    code: "SCANFLOW_LINEAGE_TRACKER",
    message: expect.stringContaining(`The tracker at http://${place} could`),
  });
  await expect(restTracker(`http://${place}`, env).run("r")).rejects.toThrow("it answered 500");
  const both = { ...env, MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "p" };
  await expect(restTracker(`http://${place}`, both).run("r")).rejects.toThrow("it answered 500");
  expect(seen).toEqual([`Basic ${btoa("eve:s:cr%t")}`, "Bearer t", `Basic ${btoa("ann:p")}`]);
});

test("an answer that breaks off says which tracker it is of", async () => {
  const place = await serve((_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy());
  });
  await expect(restTracker(`http://${place}`, {}).run("r")).rejects.toMatchObject({
    code: "SCANFLOW_LINEAGE_TRACKER",
  });
});
