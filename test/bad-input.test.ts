import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "@scanflow/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Ended, folderOf, scanflow } from "./cli.test.support.ts";

const application = (nodes: string) => `application: lab\nworkflows:\n  main:\n    nodes:\n${nodes}`;

/** Runs an application of these nodes and gives its events and its end. */
async function run(
  nodes: string,
  files: Record<string, string> = {},
): Promise<{ ended: Ended; events: RunEvent[]; folder: string }> {
  const folder = await folderOf({ "scanflow.yaml": application(nodes), ...files });
  const ended = await scanflow(folder, ["run", "--json"]);
  return { ended, events: eventsOf(ended.stdout), folder };
}

function eventsOf(stdout: string): RunEvent[] {
  return stdout
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RunEvent);
}

/** The error with which a task failed. */
function failure(events: readonly RunEvent[], task: string): { code: string; message: string } | undefined {
  const failed = events.findLast((event) => event.event === "attempt-failed" && event.task === task);
  return failed?.event === "attempt-failed" ? failed.error : undefined;
}

describe("a broken config", () => {
  test("has all its problems reported together, each with its place and the nearest name, before anything runs", async () => {
    const folder = await folderOf({
      "scanflow.yaml": application(`      gather: { run: "true", outputs: [table] }
      fit: { run: "true", inputs: { data: gathr.table }, resources: { cpu: -1 } }
      loop: { run: "true", after: [loop] }
      report: { run: "cat {{inputs.modle}}", inputs: { model: fit.model } }
`),
    });
    const { code, stderr } = await scanflow(folder, ["run"]);
    expect(code).toBe(2);
    expect(stderr).toContain("SCANFLOW_DEFINITION_INVALID");
    for (const place of ["scanflow.yaml:6:", "scanflow.yaml:7:", "scanflow.yaml:8:"])
      expect(stderr).toContain(place);
    expect(stderr).toMatch(/gathr.*did you mean "gather\.table"/);
    expect(stderr).toMatch(/cpu/);
    expect(stderr).toMatch(/modle/);
    expect(existsSync(join(folder, ".scanflow/logs"))).toBe(false);
  });

  test("in TypeScript has the place of each builder call in the file", async () => {
    const folder = await folderOf({
      "scanflow.config.ts": `import { application, executor, workflow } from "scanflow";
const main = workflow("main", {}, () => {
  const fit = executor("fit", { run: "true", inputs: { x: "gather.tabel" as never } });
  const gather = executor("gather", { run: "true", outputs: ["table"] });
  return { nodes: [gather, fit] };
});
export default application("lab", { main });
`,
    });
    const { code, stderr } = await scanflow(folder, ["run"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/scanflow\.config\.ts:3:15 .*"tabel".*did you mean "gather\.table"/);
  });

  test("beside another one is refused, and the error names both", async () => {
    const folder = await folderOf({ "scanflow.yaml": application(""), "scanflow.config.ts": "" });
    const { code, stderr } = await scanflow(folder, ["run"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /SCANFLOW_CONFIG_AMBIGUOUS.*scanflow\.config\.ts.*scanflow\.yaml.*Remove or rename/s,
    );
  });

  test("that cannot be parsed names the line", async () => {
    const folder = await folderOf({ "scanflow.yaml": "application: lab\nworkflows: {main: [\n" });
    const { code, stderr } = await scanflow(folder, ["run"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/SCANFLOW_CONFIG_SYNTAX.*scanflow\.yaml:\d+/s);
  });

  test("that is not there says how to make one", async () => {
    const { code, stderr } = await scanflow(await folderOf({}), ["run"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/SCANFLOW_CONFIG_MISSING.*scanflow init/s);
  });
});

describe("a file that is not there", () => {
  const files = {
    "scanflow.yaml":
      application(`      gather: { run: "echo begun > begun; cp {{inputs.raw}} {{outputs.table}}", inputs: { raw: { file: data/raw.cvs } }, outputs: [table] }
      fit: { run: "python3 steps/tarin.py", inputs: { table: gather.table } }
`),
    "data/raw.csv": "1",
    "steps/train.py": "",
  };

  test.each(["plan", "run"])("is found by %s before anything runs, with all others", async (command) => {
    const folder = await folderOf(files);
    const { code, stderr } = await scanflow(folder, [command]);
    expect(code).toBe(2);
    expect(stderr).toContain("SCANFLOW_FILES_MISSING");
    expect(stderr).toMatch(/scanflow\.yaml:5:\d+ .*"data\/raw\.cvs" \(did you mean "data\/raw\.csv"\?\)/);
    expect(stderr).toMatch(/scanflow\.yaml:6:\d+ .*"steps\/tarin\.py" \(did you mean "steps\/train\.py"\?\)/);
    expect(existsSync(join(folder, "begun"))).toBe(false);
    const { stdout } = await scanflow(folder, ["ls", "--json"]);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  test("and that an earlier step makes, or that nothing may need, is no reason to refuse", async () => {
    const { ended, folder } =
      await run(`      write: { run: "echo 'echo made > made' > made.sh; echo 1 > raw.csv" }
      read: { run: "cat {{inputs.x}}", inputs: { x: { file: raw.csv } }, after: [write] }
      call: { run: "sh made.sh", after: [write] }
      pick: { choice: "if device.cpus > 0 run one, else two" }
      one: { run: "true" }
      two: { run: "python3 none.py" }
      maybe: { run: "sh none.sh", when: "device.cpus < 0" }
      failing: { run: "sh none.sh", allowFailure: true }
      either: { run: "sh none.sh || true" }
`);
    expect(ended.code).toBe(0);
    expect(existsSync(join(folder, "made"))).toBe(true);
  });
});

describe("what can be defined but not run yet", () => {
  test.each([
    ["service", `      answer: { kind: service, run: "sleep 1", port: 9000 }\n`],
    ["labeling", `      label: { kind: labeling, message: "Label these.", outputs: [labels] }\n`],
  ])("a %s is refused with a code that says so", async (kind, nodes) => {
    const folder = await folderOf({ "scanflow.yaml": application(nodes) });
    const { code, stderr } = await scanflow(folder, ["run"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`SCANFLOW_NOT_RUNNABLE.*${kind}`, "s"));
  });

  test("an online workflow is refused with a code that says so", async () => {
    const config = `application: lab\nworkflows:\n  main:\n    mode: online\n    nodes:\n      a: { run: "true" }\n`;
    const { code, stderr } = await scanflow(await folderOf({ "scanflow.yaml": config }), ["run"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/SCANFLOW_NOT_RUNNABLE.*online/s);
  });
});

describe("a step", () => {
  test("whose command is missing is not tried again, and says what to do", async () => {
    const { ended, events } = await run(`      a: { run: [no-such-program, x], retry: 3 }\n`);
    expect(ended.code).toBe(1);
    expect(failure(events, "a")).toMatchObject({
      code: "SCANFLOW_COMMAND_NOT_FOUND",
      message: expect.stringMatching(/no-such-program/),
    });
    expect(events.filter(({ event }) => event === "attempt-started")).toHaveLength(1);
  });

  test("that fails says its exit code and its last lines", async () => {
    const { ended, events } = await run(`      a: { run: "echo the disk is made of cheese >&2; exit 41" }\n`);
    expect(ended.code).toBe(1);
    expect(failure(events, "a")).toMatchObject({
      code: "SCANFLOW_TASK_FAILED",
      message: expect.stringMatching(/41.*the disk is made of cheese/s),
    });
  });

  test("that hangs is ended at its timeout, with all that it started", async () => {
    const { ended, events, folder } = await run(
      `      a: { run: "sleep 600 & echo $! > child; sleep 600", timeout: { run: 300 } }\n`,
    );
    expect(ended.code).toBe(1);
    expect(failure(events, "a")?.code).toBe("SCANFLOW_TIMEOUT_RUN");
    const child = readFileSync(join(folder, "child"), "utf8").trim();
    expect(
      existsSync(`/proc/${child}/stat`) && !readFileSync(`/proc/${child}/stat`, "utf8").includes(") Z "),
    ).toBe(false);
  });

  test("that floods its log keeps a bounded log with its newest lines, and succeeds", async () => {
    const { ended, folder, events } = await run(
      `      a: { run: "yes flooding-the-log-with-a-long-line | head -c 100000000; echo the end" }\n`,
    );
    expect(ended.code).toBe(0);
    const logs = join(folder, ".scanflow/logs", events[0]?.run ?? "");
    const [log = ""] = readdirSync(logs);
    expect(statSync(join(logs, log)).size).toBeLessThan(70 * 1024 * 1024);
    expect(readFileSync(join(logs, log), "utf8").trimEnd().endsWith("the end")).toBe(true);
  });

  test("that writes no output, or the wrong one, fails with its name", async () => {
    const { events } = await run(`      none: { run: "true", outputs: [model] }
      wrong: { run: "echo '{' > {{outputs.model}}", outputs: { model: { path: model.json, type: json } } }
      folder: { run: "mkdir {{outputs.model}}", outputs: { model: { path: model, type: file } } }
      escape: { run: "ln -s /etc/passwd {{outputs.model}}", outputs: [model] }
`);
    expect(failure(events, "none")).toMatchObject({
      code: "SCANFLOW_OUTPUT_MISSING",
      message: expect.stringMatching(/model/),
    });
    for (const task of ["wrong", "folder", "escape"])
      expect(failure(events, task)?.code).toBe("SCANFLOW_OUTPUT_INVALID");
  });

  test("that asks for what this machine has not is refused with what to do", async () => {
    const { ended, events } = await run(`      a: { run: "true", resources: { gpu: 64 } }\n`);
    expect(ended.code).toBe(1);
    const skipped = events.find(({ event }) => event === "task-skipped");
    expect(skipped).toMatchObject({
      status: "failed",
      detail: expect.stringMatching(/64 gpu.*Ask for less/s),
    });
  });

  test("never shows a secret in its log, its error or anything stored", async () => {
    const secret = "hunter2-correct-horse";
    const folder = await folderOf({
      "scanflow.yaml": application(`      a: { run: "echo token $TOKEN; exit 3", secrets: [TOKEN] }\n`),
    });
    const ended = await scanflow(folder, ["run", "--json"], { env: { TOKEN: secret } });
    expect(ended.code).toBe(1);
    expect(ended.stdout + ended.stderr).not.toContain(secret);
    const files = readdirSync(join(folder, ".scanflow"), { recursive: true, encoding: "utf8" })
      .map((path) => join(folder, ".scanflow", path))
      .filter((path) => statSync(path).isFile());
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((path) => readFileSync(path).includes(secret))).toEqual([]);
  });
});

test("a corrupted artifact is found on reading, set aside, and made anew by the next run", async () => {
  const nodes = `      a: { run: "echo precious > {{outputs.x}}", outputs: [x] }
      b: { run: "cat {{inputs.x}} note", inputs: { x: a.x } }
`;
  const { folder } = await run(nodes, { note: "one" });
  const files = join(folder, ".scanflow/artifacts/sha256");
  const corrupted = readdirSync(files, { recursive: true, encoding: "utf8" })
    .map((path) => join(files, path))
    .filter((path) => statSync(path).isFile() && readFileSync(path, "utf8") === "precious\n");
  expect(corrupted).toHaveLength(1);
  for (const path of corrupted) {
    chmodSync(path, 0o644);
    writeFileSync(path, "precarious");
  }
  writeFileSync(
    join(folder, "scanflow.yaml"),
    application(nodes.replace("cat {{inputs.x}} note", "cat {{inputs.x}} note note")),
  );
  const damaged = await scanflow(folder, ["run", "--json"]);
  expect(damaged.code).toBe(1);
  expect(failure(eventsOf(damaged.stdout), "b")).toMatchObject({ code: "SCANFLOW_ARTIFACT_CORRUPT" });
  const healed = await scanflow(folder, ["run", "--json"]);
  expect(healed.code).toBe(0);
  const again = eventsOf(healed.stdout).filter(({ event }) => event === "attempt-started");
  expect(again.map((event) => event.event === "attempt-started" && [event.task, event.miss.reason])).toEqual([
    ["a", "artifact-lost"],
    ["b", expect.any(String)],
  ]);
});

test("a full disk fails what was being stored with what to do, and loses nothing that was stored before", async () => {
  const folder = await folderOf({
    "scanflow.yaml": application(`      small: { run: "echo kept > {{outputs.x}}", outputs: [x] }
      big: { run: "head -c 60000000 /dev/zero > {{outputs.x}}", outputs: [x], after: [small] }
`),
  });
  const state = join(folder, ".scanflow");
  mkdirSync(state);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", state], { stdio: "ignore" });
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write("skipped: a small file system cannot be mounted here\n");
    return;
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", state]);
  });
  const ended = await scanflow(folder, ["run", "--json"]);
  expect(ended.code).toBe(1);
  const events = eventsOf(ended.stdout);
  expect(failure(events, "big")?.code).toMatch(/SCANFLOW_STORAGE_FULL|SCANFLOW_TASK_FAILED/);
  const after = await scanflow(folder, ["show", "latest", "--json"]);
  expect(after.code).toBe(0);
  const again = await scanflow(folder, ["run", "--json"]);
  const cached = eventsOf(again.stdout).filter(({ event }) => event === "task-cached");
  expect(cached).toMatchObject([{ task: "small" }]);
});
