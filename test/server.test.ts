import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { expect, test } from "vitest";
import { folderOf, type Running, scanflow, start } from "./cli.test.support.ts";

const token = "a-token-of-the-tests";
const files = {
  "scanflow.yaml": `application: app
workflows:
  w:
    schedules: [{ cron: "0 4 * * 1", timezone: Europe/Madrid }]
    nodes:
      hello: { run: "echo hi > {{outputs.said}}", outputs: [said] }
      last: { run: "until test -e go; do sleep 0.05; done", after: [hello], cache: false }
`,
};

/** Starts a server in a folder; gives its address. */
async function up(folder: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const server: Running = start(folder, ["up", "--port", "0", ...args], {
    env: { SCANFLOW_SERVER_TOKEN: token, ...env },
  });
  await server.saw("Scanflow is up on ");
  const url = /up on (http:\S+)/.exec(server.stdout())?.[1] ?? "";
  return { server, url };
}

async function end({ server }: Awaited<ReturnType<typeof up>>) {
  server.child.kill("SIGTERM");
  return server.ended;
}

test("a server takes runs from elsewhere, goes on with them after it was killed, and ends when it is told to", async () => {
  const folder = await folderOf(files);
  const elsewhere = await folderOf({});
  const first = await up(folder);
  await first.server.saw("w runs next at ");
  const asked = (...args: string[]) =>
    scanflow(elsewhere, ["--server", first.url, ...args], { env: { SCANFLOW_SERVER_TOKEN: token } });

  const running = start(elsewhere, ["run", "w"], {
    env: { SCANFLOW_SERVER: first.url, SCANFLOW_SERVER_TOKEN: token },
  });
  await running.saw("last");
  first.server.child.kill("SIGKILL");
  expect((await running.ended).code).not.toBe(0);
  await first.server.ended;

  const port = new URL(first.url).port;
  const second = await up(folder, ["--port", port]);
  expect(second.server.stdout()).toContain("Scanflow is up on");
  await expect.poll(async () => JSON.parse((await asked("ls", "--json")).stdout)[0].status).toBe("running");
  await writeFile(`${folder}/go`, "");
  await expect.poll(async () => JSON.parse((await asked("show", "--json")).stdout).status).toBe("succeeded");
  expect(await end(second)).toMatchObject({ code: 0 });
});

test("who has no token is refused, and so is a name that the server does not go by", async () => {
  const folder = await folderOf(files);
  const server = await up(folder, ["--host", "0.0.0.0", "--trust-network", "--allowed-host", "scanflow"]);
  const { port } = new URL(server.url);
  const wrong = await scanflow(folder, ["--server", server.url, "ls"], {
    env: { SCANFLOW_SERVER_TOKEN: "another" },
  });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_TOKEN_INVALID") });
  const none = await scanflow(folder, ["--server", server.url, "ls"], { env: { SCANFLOW_SERVER_TOKEN: "" } });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_SERVER_TOKEN") });
  const status = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/health", headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  expect([await status(`scanflow:${port}`), await status(`127.0.0.1:${port}`)]).toEqual([200, 200]);
  expect(await status("evil.example.org")).toBe(403);
  await end(server);
});

test.each([
  [["up", "--host", "0.0.0.0"], "SCANFLOW_SERVER_EXPOSED"],
  [["up", "--host", "192.0.2.77", "--trust-network"], "SCANFLOW_SERVER_HOST"],
  [["--server", "scanflow:8000", "ls"], "SCANFLOW_SERVER_ADDRESS"],
  [["--server", "http://127.0.0.1:9", "ls"], "SCANFLOW_OWNER_UNREACHABLE"],
  [["--server", "http://127.0.0.1:9", "run", "--on", "docker"], "SCANFLOW_USAGE"],
])("%j is refused with %s", async (args, code) => {
  const folder = await folderOf(files);
  const { stderr } = await scanflow(folder, args, { env: { SCANFLOW_SERVER_TOKEN: token } });
  expect(stderr).toContain(code);
});

test("a port that is taken is told with what to do", async () => {
  const folder = await folderOf(files);
  const server = await up(folder);
  const other = await folderOf(files);
  const { stderr } = await scanflow(other, ["up", "--port", new URL(server.url).port]);
  expect(stderr).toContain("SCANFLOW_SERVER_PORT");
  const same = await scanflow(folder, ["up", "--port", "0"]);
  expect(same.stderr).toContain("owns this folder already");
  await end(server);
});
