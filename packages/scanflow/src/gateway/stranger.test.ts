import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { gatewayBench } from "./gateway.test.support.ts";

/** What is answered to the head of a request whose body does not come. */
function answerToHead(port: number, path: string, type: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const head = [
    `POST /scanflow/v1${path} HTTP/1.1`,
    "Host: gateway",
    `Authorization: Bearer t.${"0".repeat(32)}.1.guessed`,
    `Content-Type: ${type}`,
    "Content-Length: 200000",
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.on("error", reject).once("data", (data) => resolve(data.toString()));
  });
}

test.each([
  ["/claim", "application/json"],
  ["/attempt/end", "application/json"],
  ["/attempt/log?from=0", "application/octet-stream"],
  ["/attempt/logged?from=0", "application/octet-stream"],
])("who has no token is refused at %s before anything of a body is kept", async (path, type) => {
  const { door } = await gatewayBench();
  const answer = await answerToHead(door.port, path, type);
  expect(answer).toMatch(/^HTTP\/1.1 401 /);
  expect(answer.toLowerCase()).toContain("connection: close");
});
