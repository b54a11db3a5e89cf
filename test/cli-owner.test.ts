import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { folderOf, lastLine, scanflow, start, until } from "./cli.test.support.ts";

const FILES = {
  "scanflow.yaml": `application: lab
main: long
workflows:
  long:
    nodes:
      one: { run: "echo one >> effects", cache: false }
      two: { run: "echo two >> effects; echo begun; ${until("go")}; echo ended", cache: false, after: [one] }
      three: { run: "echo three >> effects", cache: false, after: [two] }
  short:
    nodes:
      quick: { run: "echo quick", cache: false }
  stubborn:
    nodes:
      deaf: { run: "trap '' TERM INT; echo begun; ${until("go")}" }
`,
};

function go(folder: string): Promise<void> {
  return writeFile(join(folder, "go"), "");
}

async function effects(folder: string): Promise<string[]> {
  return (await readFile(join(folder, "effects"), "utf8")).trim().split("\n");
}

async function statuses(folder: string): Promise<string[]> {
  const { stdout } = await scanflow(folder, ["ls", "--json"]);
  return (JSON.parse(stdout) as { status: string }[]).map(({ status }) => status);
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "after %s a run is interrupted, and resume finishes it without running a finished task again",
  async (signal) => {
    const folder = await folderOf(FILES);
    const run = start(folder, ["run"]);
    await run.saw("two    | begun");
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(
      /^Waiting for 1 task to stop: two\..*Ctrl-C again.*\nInterrupted.*"scanflow resume \w+"\.\n$/,
    );
    expect(existsSync(join(folder, ".scanflow", "server.json"))).toBe(false);
    expect(await statuses(folder)).toEqual(["interrupted"]);
    await go(folder);
    const other = await scanflow(folder, ["run", "short"]);
    expect(other.stderr).toBe("");
    const resumed = await scanflow(folder, ["resume", "--json"]);
    expect(resumed.code).toBe(0);
    expect(lastLine(resumed.stdout)).toMatchObject({ event: "run-finished", status: "succeeded" });
    expect(await effects(folder)).toEqual(["one", "two", "two", "three"]);
    const late = await scanflow(folder, ["run"]);
    expect(late.stderr).toBe("");
  },
);

test("a second signal ends the owner at once, whatever its tasks do, and the run can be taken up", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run", "stubborn"]);
  await run.saw("begun");
  run.child.kill("SIGINT");
  run.child.kill("SIGTERM");
  expect((await run.ended).code).toBe(130);
  expect(await statuses(folder)).toEqual(["interrupted"]);
  await go(folder);
  expect((await scanflow(folder, ["resume"])).code).toBe(0);
});

test("when the store fails in mid-run the run stops with the store's error, and goes on once it is mended", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run"]);
  await run.saw("begun");
  const rename = (from: string, to: string) => {
    const database = new DatabaseSync(join(folder, ".scanflow", "scanflow.db"));
    database.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
    database.close();
  };
  rename("events", "lost");
  await go(folder);
  const broken = await run.ended;
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(/^error SCANFLOW_STORE_SQL: .*"scanflow resume \w+"\.\n$/);
  rename("lost", "events");
  expect((await scanflow(folder, ["resume"])).code).toBe(0);
  expect(await effects(folder)).toEqual(["one", "two", "two", "three"]);
});

test("a run says that an earlier one of its workflow had no end", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run"]);
  await run.saw("begun");
  run.child.kill("SIGKILL");
  await run.ended;
  await go(folder);
  const next = await scanflow(folder, ["run"]);
  expect(next.stderr).toMatch(/^An earlier run of long had no end; .*"scanflow resume \w+"\.\n$/);
  expect(next.code).toBe(0);
});

test("a second run in an owned folder runs in the owner, which stays until it is over", async () => {
  const folder = await folderOf(FILES);
  const owner = start(folder, ["run", "long"]);
  await owner.saw("begun");
  const quick = await scanflow(folder, ["run", "short"]);
  expect(quick).toMatchObject({ code: 0, stderr: "" });
  expect(quick.stdout).toContain("quick  | quick\n");
  const client = start(folder, ["run", "long"]);
  await client.saw("begun");
  expect(await statuses(folder)).toEqual(["running", "succeeded", "running"]);
  await go(folder);
  const [first, second] = await Promise.all([owner.ended, client.ended]);
  expect(first.code).toBe(0);
  expect(second).toMatchObject({ code: 0, stderr: "" });
  expect(second.stdout).toMatch(/run \w+ succeeded in .*: 3 done\n/);
});

test("a client that is interrupted leaves its run to the owner", async () => {
  const folder = await folderOf(FILES);
  const owner = start(folder, ["run", "long"]);
  await owner.saw("begun");
  const client = start(folder, ["run", "long"]);
  await client.saw("begun");
  client.child.kill("SIGINT");
  const left = await client.ended;
  expect(left.code).toBe(130);
  expect(left.stderr).toMatch(/goes on in process \d+.*scanflow cancel/);
  await go(folder);
  expect((await owner.ended).code).toBe(0);
  expect(await statuses(folder)).toEqual(["succeeded", "succeeded"]);
});

test("when the owner is killed its client says so, and the run can be taken up", async () => {
  const folder = await folderOf(FILES);
  const owner = start(folder, ["run", "long"]);
  await owner.saw("begun");
  const client = start(folder, ["run", "long", "--json"]);
  await client.saw('"task":"two"');
  owner.child.kill("SIGKILL");
  const left = await client.ended;
  expect(left.code).toBe(130);
  expect(JSON.parse(left.stderr)).toMatchObject({ error: { code: "SCANFLOW_OWNER_GONE" } });
  expect(left.stderr).toContain("scanflow resume");
  expect(await statuses(folder)).toEqual(["interrupted", "interrupted"]);
  await go(folder);
  for (const code of [0, 0, 2]) expect((await scanflow(folder, ["resume"])).code).toBe(code);
  expect(await statuses(folder)).toEqual(["succeeded", "succeeded"]);
});

test("a run is cancelled from a second terminal, and nothing of it goes on", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run"]);
  await run.saw("begun");
  const cancelled = await scanflow(folder, ["cancel", "latest", "--reason", "enough"]);
  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Run \w+ is cancelled\.\n$/) });
  expect(cancelled.stderr).toMatch(/^Waiting for 1 task to stop: two\./);
  const ended = await run.ended;
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain("cancelling: enough");
  await go(folder);
  expect(await effects(folder)).toEqual(["one", "two"]);
});

test("an interrupted run can be cancelled when nobody has it in hand", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run"]);
  await run.saw("begun");
  run.child.kill("SIGKILL");
  await run.ended;
  const interrupted = await scanflow(folder, ["show"]);
  expect(interrupted.stdout).toMatch(/two +pending .*interrupted; runs again/);
  const why = await scanflow(folder, ["why", "two"]);
  expect(why.stdout).toContain("Attempt 1 was interrupted");
  const ended = await scanflow(folder, ["cancel", "latest", "--reason", "no more", "--json"]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(ended.stdout)).toMatchObject({ status: "cancelled" });
  expect(await statuses(folder)).toEqual(["cancelled"]);
  const shown = await scanflow(folder, ["show"]);
  expect(shown.stdout).toContain("cancelled: no more");
  expect(shown.stdout).toMatch(/two +cancelled .*the run was cancelled/);
  expect(shown.stdout).not.toContain("SCANFLOW_ATTEMPT_LOST");
  const detail = await scanflow(folder, ["show", "--json"]);
  expect(JSON.parse(detail.stdout)).toMatchObject({ cancelReason: "no more" });
  const cancelled = await scanflow(folder, ["why", "two", "--json"]);
  expect(JSON.parse(cancelled.stdout)).toMatchObject({ status: "cancelled", interrupted: true });
  expect(await effects(folder)).toEqual(["one", "two"]);
});

test("commands that are started at the same moment all do their work", async () => {
  const folder = await folderOf(FILES);
  const runs = await Promise.all(
    Array.from({ length: 6 }, () => scanflow(folder, ["run", "short", "--json"])),
  );
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, ""]));
  expect(await statuses(folder)).toEqual(runs.map(() => "succeeded"));
});

test("an owner that is lost before it answers is none: the command becomes the owner", async () => {
  const folder = await folderOf(FILES);
  await mkdir(join(folder, ".scanflow"));
  const lock = new DatabaseSync(join(folder, ".scanflow", "lock"));
  lock.exec("BEGIN EXCLUSIVE");
  const asked: string[] = [];
  const server = createServer(({ method, url = "", socket }, answer) => {
    asked.push(`${method} ${url}`);
    if (method === "GET")
      return answer.end(JSON.stringify({ version: "0", pid: 1, root: folder, url: null }));
    lock.close();
    return socket.destroy();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(join(folder, ".scanflow", "server.json"), JSON.stringify({ pid: 1, url, token: "t" }));
  const run = await scanflow(folder, ["run", "short", "--json"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(asked).toEqual(["GET /api/v1/health", "POST /api/v1/runs"]);
  expect(lastLine(run.stdout)).toMatchObject({ event: "run-finished", status: "succeeded" });
});

test("a reader that has read enough ends the command without leaving tasks behind", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run"]);
  await run.saw("begun");
  run.child.stdout?.destroy();
  await go(folder);
  await run.ended;
  const [status = ""] = await statuses(folder);
  expect(["interrupted", "succeeded"]).toContain(status);
});
