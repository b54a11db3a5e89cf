import { createServer } from "node:http";
import { expect, test } from "vitest";
import { Docker } from "./docker.ts";
import { agreeOnVersion } from "./version.ts";

test("the newest version that both sides speak is chosen, and a daemon from before 20.10 refused", () => {
  expect(agreeOnVersion("1.41", "here")).toBe("1.41");
  expect(agreeOnVersion("1.99", "here")).toBe("1.51");
  expect(() => agreeOnVersion("1.40", "here")).toThrow(/speaks version 1.40.*20.10 or later/);
  expect(() => agreeOnVersion(undefined, "here")).toThrow(/does not say which version/);
});

test("no daemon and what is no daemon have codes and say what to do", async () => {
  await expect(Docker.open({ env: { DOCKER_HOST: "unix:///nowhere.sock" } })).rejects.toMatchObject({
    code: "SCANFLOW_DOCKER_UNREACHABLE",
    message: expect.stringMatching(/unix:\/\/\/nowhere.sock .*ENOENT.*--on process/),
  });
  const web = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const { port } = web.address() as { port: number };
  const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
  await expect(Docker.open({ env })).rejects.toMatchObject({ code: "SCANFLOW_DOCKER_FAILED" });
  await new Promise((resolve) => web.close(resolve));
  await expect(Docker.open({ env })).rejects.toMatchObject({ code: "SCANFLOW_DOCKER_UNREACHABLE" });
});
