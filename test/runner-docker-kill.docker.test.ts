import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { folderOf, scanflow, start, until } from "./cli.test.support.ts";

const env = { ...process.env, ...inject("docker") };
const run = promisify(execFile);

async function docker(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await run("docker", args, { env });
  return stdout.split("\n").filter((line) => line !== "");
}

/** What each attempt did is counted in the folder that survives attempts. */
const FILES = {
  "scanflow.yaml": `application: lab
main: long
workflows:
  long:
    defaults: { environment: { image: "debian:bookworm-slim" } }
    nodes:
      first: { run: "echo first", cache: false }
      slow:
        run: 'echo x >> "$SCANFLOW_CHECKPOINT/effects"; echo begun; ${until("go")}; [ ! -e fail ] || [ -e healed ] || exit 3; echo "ended as $(wc -l < "$SCANFLOW_CHECKPOINT/effects")"; echo done > "$SCANFLOW_OUTPUT_OUT"'
        outputs: { out: { path: out.txt, type: text } }
        cache: false
        after: [first]
      last: { run: 'cat {{inputs.out}}', inputs: { out: slow.out }, cache: false }
`,
};

interface Killed {
  readonly folder: string;
  readonly run: string;
  /** Id of the container that went on. */
  readonly container: string;
}

/** A run whose owner was killed while its task ran in a container. */
async function killed(files: Readonly<Record<string, string>> = FILES): Promise<Killed> {
  const folder = await folderOf(files);
  await chmod(folder, 0o755);
  const running = start(folder, ["run", "--on", "docker"], { env });
  await running.saw("| begun");
  running.child.kill("SIGKILL");
  await running.ended;
  const [first] = JSON.parse((await scanflow(folder, ["ls", "--json"], { env })).stdout);
  const [container = ""] = await docker(
    "ps",
    "-q",
    "--no-trunc",
    "--filter",
    `label=org.scanflow.run=${first.run}`,
  );
  expect(container).not.toBe("");
  return { folder, run: first.run, container };
}

async function resume({
  folder,
  run: id,
}: Killed): Promise<{ readonly events: Told[]; readonly said: string }> {
  const { code, stdout, stderr } = await scanflow(folder, ["resume", "--on", "docker", "--json"], { env });
  expect(code, stderr).toBe(0);
  const said = await scanflow(folder, ["logs", id, "slow"], { env });
  return {
    events: stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
    said: said.stdout,
  };
}

interface Told {
  readonly event: string;
  readonly task?: string;
  readonly attempt?: number;
  readonly error?: { readonly code: string };
}

/** How attempts of the slow task began and ended since the run was taken up. */
function attempts(events: readonly Told[]): string[] {
  return events
    .filter(({ event, task }) => task === "slow" && event.startsWith("attempt-"))
    .map(({ event, attempt, error }) => `${event} ${attempt}${error ? ` ${error.code}` : ""}`);
}

async function nothingIsLeft(id: string): Promise<void> {
  const filter = ["--filter", `label=org.scanflow.run=${id}`];
  await expect.poll(() => docker("ps", "-aq", ...filter)).toEqual([]);
  await expect.poll(() => docker("network", "ls", "-q", ...filter)).toEqual([]);
}

test("a container that runs when its owner is killed goes on, and the next owner takes it over", async () => {
  const { folder, run: id } = await killed();
  const resumed = start(folder, ["resume", "--on", "docker", "--json"], { env });
  await resumed.saw("run-resumed");
  await writeFile(join(folder, "go"), "");
  const { code, stdout } = await resumed.ended;
  expect(code).toBe(0);
  const events: Told[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(attempts(events)).toEqual(["attempt-succeeded 1"]);
  const { stdout: said } = await scanflow(folder, ["logs", id, "slow"], { env });
  expect(said).toMatch(/went on.*\nbegun\nended as 1\n/s);
  await nothingIsLeft(id);
});

test("a container that ended well while there was no owner is not run again", async () => {
  const { folder, run: id, container } = await killed();
  await writeFile(join(folder, "go"), "");
  expect(await docker("wait", container)).toEqual(["0"]);
  const { events, said } = await resume({ folder, run: id, container });
  expect(attempts(events)).toEqual(["attempt-succeeded 1"]);
  expect(said).toContain("ended as 1");
  await nothingIsLeft(id);
});

test("what failed or was removed while there was no owner runs again", async () => {
  const failed = await killed();
  await writeFile(join(failed.folder, "fail"), "");
  await writeFile(join(failed.folder, "go"), "");
  expect(await docker("wait", failed.container)).toEqual(["3"]);
  await writeFile(join(failed.folder, "healed"), "");
  const again = ["attempt-failed 1 SCANFLOW_ATTEMPT_LOST", "attempt-started 2", "attempt-succeeded 2"];
  const healed = await resume(failed);
  expect(attempts(healed.events)).toEqual(again);
  expect(healed.said).toContain("ended as 2");
  await nothingIsLeft(failed.run);

  const removed = await killed();
  await docker("rm", "-f", removed.container);
  await writeFile(join(removed.folder, "go"), "");
  expect(attempts((await resume(removed)).events)).toEqual(again);
  await nothingIsLeft(removed.run);
});

test("what a dead owner left of a run that has ended goes with the next run", async () => {
  const { folder, run: id, container } = await killed();
  await scanflow(folder, ["cancel", id], { env });
  expect(await docker("ps", "-q", "--no-trunc", "--filter", `id=${container}`)).toEqual([container]);
  await writeFile(join(folder, "go"), "");
  const { code, stderr } = await scanflow(folder, ["run", "--on", "docker"], { env });
  expect(code, stderr).toBe(0);
  await nothingIsLeft(id);
});

const LOG = `import json, os, time, urllib.request

def log(key):
    body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": key, "value": 1, "timestamp": 1, "step": 0}
    headers = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric"
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=30).read()

log("before")
print("begun", flush=True)
while not os.path.exists("go"):
    time.sleep(0.002)
log("after")
`;

test("what goes on in a container still reaches its tracker run, through the next owner", async () => {
  const { folder, run: id } = await killed({
    "log.py": LOG,
    "scanflow.yaml": `application: lab
main: long
workflows:
  long:
    nodes:
      slow: { run: "python log.py", environment: { image: "python:3.11-slim-bookworm" }, cache: false }
`,
  });
  const resumed = start(folder, ["resume", "--on", "docker", "--json"], { env });
  await resumed.saw("run-resumed");
  await writeFile(join(folder, "go"), "");
  const { code, stdout, stderr } = await resumed.ended;
  expect(code, stderr + stdout).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toContainEqual(
    expect.objectContaining({ event: "attempt-succeeded", attempt: 1, metrics: { before: 1, after: 1 } }),
  );
  await nothingIsLeft(id);
});
