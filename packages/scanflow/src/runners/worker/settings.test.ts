import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../bench.test.support.ts";
import { readWorkerSettings } from "./settings.ts";

const token = "0123456789abcdef";

test("the address and the token come from the environment", () => {
  const env = {
    SCANFLOW_GATEWAY: "[::1]:7233",
    SCANFLOW_GATEWAY_TOKEN: token,
    SCANFLOW_GATEWAY_PATIENCE: "5",
  };
  expect(readWorkerSettings(env)).toEqual({
    door: { host: "::1", port: 7233, workerToken: token },
    patienceMs: 5000,
    sendsFiles: false,
  });
  expect(readWorkerSettings({ ...env, SCANFLOW_GATEWAY_FILES: "send" }).sendsFiles).toBe(true);
  expect(readWorkerSettings({ SCANFLOW_GATEWAY_TOKEN: token }).door).toMatchObject({
    host: "127.0.0.1",
    port: 0,
  });
});

test("a token's file is made once, for whoever shares its volume", async () => {
  const file = join(await temporaryFolder(), "door/token");
  const { door } = readWorkerSettings({ SCANFLOW_GATEWAY_TOKEN_FILE: file });
  expect(readFileSync(file, "utf8").trim()).toBe(door.workerToken);
  expect(statSync(file).mode & 0o777).toBe(0o444);
  expect(readWorkerSettings({ SCANFLOW_GATEWAY_TOKEN_FILE: file }).door.workerToken).toBe(door.workerToken);
});

test.each([
  [{ SCANFLOW_GATEWAY: "a b:1", SCANFLOW_GATEWAY_TOKEN: token }, "SCANFLOW_GATEWAY_ADDRESS", "a b:1"],
  [{ SCANFLOW_GATEWAY: "h:99999", SCANFLOW_GATEWAY_TOKEN: token }, "SCANFLOW_GATEWAY_ADDRESS", "99999"],
  [{ SCANFLOW_GATEWAY_TOKEN: token, SCANFLOW_GATEWAY_PATIENCE: "long" }, "SCANFLOW_GATEWAY_ADDRESS", "long"],
  [{ SCANFLOW_GATEWAY_TOKEN: token, SCANFLOW_GATEWAY_FILES: "x" }, "SCANFLOW_GATEWAY_ADDRESS", '"x"'],
  [{}, "SCANFLOW_GATEWAY_TOKEN", "There is no token"],
  [{ SCANFLOW_GATEWAY_TOKEN: "short" }, "SCANFLOW_GATEWAY_TOKEN", "16 to 512"],
])("%j is refused", (env, code, says) => {
  expect(() => readWorkerSettings(env)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(says) }),
  );
});
