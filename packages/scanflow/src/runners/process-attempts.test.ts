import { chmodSync, globSync, writeFileSync } from "node:fs";
import { chmod, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorOf, openBench, output } from "./bench.test.support.ts";

const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });
const never = { startMs: null, runMs: null, heartbeatMs: null };

test("a command that fails is quoted with its code and its last lines", async () => {
  const bench = await openBench();
  const outcome = await bench.start({ command: shell("echo going; echo wrong >&2; exit 3") }).done;
  const error = errorOf(outcome);
  expect(error).toMatchObject({ code: "SCANFLOW_TASK_FAILED", retryable: true });
  expect(error.message).toMatch(/exit code 3[\s\S]*going\n?[\s\S]*wrong/);
  const killed = errorOf(await bench.start({ command: shell("kill -KILL $$") }).done);
  expect(killed.message).toMatch(/SIGKILL.*memory/);
});

test("what cannot be started says why, and is not tried again", async () => {
  const bench = await openBench();
  await bench.write("plain.sh", "#!/bin/sh\n");
  await chmod(await bench.write("orphan.sh", "#!/no/such/interpreter\n"), 0o755);
  const cases = [
    [["no-such-command"], "SCANFLOW_COMMAND_NOT_FOUND", "in any folder of PATH"],
    [["./gone.sh"], "SCANFLOW_COMMAND_NOT_FOUND", join(bench.root, "gone.sh")],
    [["./orphan.sh"], "SCANFLOW_COMMAND_NOT_FOUND", "interpreter"],
    ["no-such-command | cat; exit 127", "SCANFLOW_COMMAND_NOT_FOUND", "no-such-command"],
    [["./plain.sh"], "SCANFLOW_COMMAND_DENIED", "chmod +x"],
    [["true", "x".repeat(200_000)], "SCANFLOW_COMMAND_TOO_LONG", "SCANFLOW_PARAMS_FILE"],
    [["true", "a\0b"], "SCANFLOW_COMMAND_INVALID", "cannot be started"],
  ] as const;
  for (const [command, code, says] of cases) {
    const error = errorOf(await bench.start({ command: { kind: "command", command } }).done);
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.message).toContain(says);
  }
  const nowhere = errorOf(await bench.start({ root: join(bench.root, "gone") }).done);
  expect(nowhere.message).toContain("is not there");
});

test("long parameters are in the file, and a line says that they are not in the environment", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell('echo "[$SCANFLOW_PARAM_LIST]"; wc -c < "$SCANFLOW_PARAMS_FILE"'),
    params: { list: "x".repeat(200_000) },
  });
  expect((await attempt.done).kind).toBe("succeeded");
  expect(attempt.lines).toEqual([
    expect.stringContaining("SCANFLOW_PARAM_LIST is too long"),
    "[]",
    expect.stringContaining("200011"),
  ]);
});

test("secrets reach the command, and no log, message or folder holds them, even when printed bit by bit", async () => {
  const environment = { ...process.env, API_KEY: "s3cr3t-w0rd" };
  const bench = await openBench({ environment });
  const attempt = bench.start({
    command: shell(
      '[ "$API_KEY" = s3cr3t-w0rd ] || exit 9; for c in s 3 c r 3 t; do printf "$c"; sleep 0.01; done; printf -- "-w0rd;\\n$API_KEY\\n"; exit 1',
    ),
    secrets: ["API_KEY"],
  });
  const { message } = errorOf(await attempt.done);
  expect(attempt.lines).toEqual(["***;", "***"]);
  expect(message).toContain("exit code 1");
  expect(`${message}${await readFile(attempt.spec.log, "utf8")}`).not.toContain("s3cr3t-w0rd");

  const missing = errorOf(await bench.start({ secrets: ["NO_SUCH_KEY"] }).done);
  expect(missing).toMatchObject({ code: "SCANFLOW_SECRET_MISSING", retryable: false });
});

test("outputs that are missing or not what was declared are refused", async () => {
  const bench = await openBench();
  const cases = [
    ["file", "true", "SCANFLOW_OUTPUT_MISSING"],
    ["folder", "echo x > $O", "a folder was declared"],
    ["file", "mkdir $O", "a folder written"],
    ["json", "echo '{' > $O", "does not parse"],
    ["json", ": > $O", "is empty"],
    ["csv", ": > $O", "is empty"],
    ["image", "echo hello > $O", "image was declared"],
    ["file", "ln -s /etc/hostname $O", "outside the task's folder"],
    ["file", "ln -s gone $O", "leads nowhere"],
    ["folder", "mkdir $O; ln -s /etc/hostname $O/x", "leads out of the folder"],
    ["any", "mkfifo $O", "cannot be kept"],
  ] as const;
  for (const [type, line, says] of cases) {
    const attempt = bench.start({
      command: shell(line.replaceAll("$O", '"$SCANFLOW_OUTPUT_OUT"')),
      outputs: { out: output({ path: "out", type }) },
    });
    const { code, message } = errorOf(await attempt.done);
    expect(`${code} ${message}`).toContain(says);
    expect(code).toMatch(/^SCANFLOW_OUTPUT_(MISSING|INVALID)$/);
  }
});

test("outputs as declared are kept, links among them followed, optional ones may be absent", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell(
      `cd "$(dirname "$SCANFLOW_OUTPUT_JSON")"; echo '[1]' > json; ln -s json link; mkdir -p folder/deep; echo x > folder/deep/x; printf '\\211PNG\\r\\n' > image; printf '<svg/>' > svg; : > text`,
    ),
    outputs: {
      json: output({ path: "json", type: "json" }),
      link: output({ path: "link", type: "json" }),
      folder: output({ path: "folder", type: "folder" }),
      image: output({ path: "image", type: "image" }),
      svg: output({ path: "svg", type: "image" }),
      text: output({ path: "text", type: "text" }),
      gone: output({ path: "gone", optional: true }),
    },
  });
  const outcome = await attempt.done;
  expect(outcome.kind).toBe("succeeded");
  if (outcome.kind !== "succeeded") return;
  expect(Object.keys(outcome.outputs).sort()).toEqual(["folder", "image", "json", "link", "svg", "text"]);
  expect(outcome.outputs.link).toBe(outcome.outputs.json);
});

test("a result that is not a small JSON object is refused", async () => {
  const bench = await openBench();
  for (const line of [
    "echo 1 > $R",
    "echo '[]' > $R",
    "echo '{' > $R",
    "head -c 1100000 /dev/zero > $R",
    "mkdir $R",
  ]) {
    const attempt = bench.start({ command: shell(line.replace("$R", '"$SCANFLOW_RESULT_FILE"')) });
    expect(errorOf(await attempt.done).code).toBe("SCANFLOW_RESULT_INVALID");
  }
});

test("nothing of an attempt stays but its log, its checkpoint and its outputs", async () => {
  const bench = await openBench();
  await bench.write("in.txt", "x");
  const { digest } = await bench.artifacts.publish(join(bench.root, "in.txt"));
  const attempt = bench.start({
    command: shell(
      'touch "$SCANFLOW_HEARTBEAT_FILE" "$SCANFLOW_CHECKPOINT/kept"; echo "{}" > "$SCANFLOW_RESULT_FILE"; mkdir "$SCANFLOW_OUTPUT_O"; echo said',
    ),
    inputs: { i: digest },
    outputs: { o: output({ path: "o" }) },
    params: { a: 1 },
  });
  expect((await attempt.done).kind).toBe("succeeded");
  expect(await readdir(join(attempt.spec.workdir, ".."))).toEqual([]);
  expect(await readdir(attempt.spec.checkpoint)).toEqual(["kept"]);
  expect(await readFile(attempt.spec.log, "utf8")).toBe("said\n");
});

test("an input that is damaged or gone is not run with", async () => {
  const bench = await openBench();
  const file = await bench.write("in.txt", "content");
  const { digest } = await bench.artifacts.publish(file);
  const hex = digest.slice("sha256:".length);
  const [stored = ""] = globSync(`**/*${hex.slice(4)}*`, { cwd: bench.artifacts.root });
  chmodSync(join(bench.artifacts.root, stored), 0o644);
  writeFileSync(join(bench.artifacts.root, stored), "CONTENT");
  const attempt = bench.start({ command: shell("echo ran"), inputs: { a: digest } });
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_ARTIFACT_CORRUPT", retryable: false });
  expect(attempt.lines).toEqual([]);
  const gone = bench.start({ inputs: { a: `sha256:${"1".repeat(64)}` } });
  expect(errorOf(await gone.done).code).toBe("SCANFLOW_ARTIFACT_MISSING");
});

test("time limits end a command that runs too long or falls silent", async () => {
  const bench = await openBench();
  const long = bench.start({ command: shell("sleep 600"), timeout: { ...never, runMs: 50 } });
  expect(errorOf(await long.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_RUN", retryable: true });
  const silent = bench.start({
    command: shell(
      'for i in 1 2 3 4 5 6 7 8 9 10; do touch "$SCANFLOW_HEARTBEAT_FILE"; sleep 0.3; done; echo silent; sleep 600',
    ),
    timeout: { ...never, heartbeatMs: 2500 },
  });
  expect(errorOf(await silent.done).code).toBe("SCANFLOW_TIMEOUT_HEARTBEAT");
  expect(silent.lines).toEqual(["silent"]);
});

test("a start that takes too long is given up", async () => {
  const bench = await openBench();
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = {
    ...bench.artifacts,
    materialise: () => promise.then(() => Promise.reject(new Error("late"))),
  };
  const other = await openBench({ artifacts: slow });
  const attempt = other.start({
    inputs: { a: `sha256:${"1".repeat(64)}` },
    timeout: { ...never, startMs: 20 },
  });
  attempt.begun.then(() => expect.unreachable());
  setTimeout(resolve, 60);
  expect(errorOf(await attempt.done).code).toBe("SCANFLOW_TIMEOUT_START");
});

const busyAndLarge = `
import os, time
data = bytearray(60_000_000)
open(os.environ["SCANFLOW_OUTPUT_O"], "wb").write(data[:5_000_000])
end = time.process_time() + 0.4
while time.process_time() < end: pass
`;

test("what a command uses is measured", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: { kind: "command", command: ["python3", "-c", busyAndLarge] },
    outputs: { o: output({ path: "o" }) },
  });
  const outcome = await attempt.done;
  if (outcome.kind !== "succeeded") throw new Error(JSON.stringify(outcome));
  const { cpuMs, peakMemory, writtenBytes, readBytes } = outcome.usage;
  expect(cpuMs).toBeGreaterThanOrEqual(390);
  expect(cpuMs).toBeLessThan(5000);
  expect(peakMemory).toBeGreaterThan(60e6);
  expect(peakMemory).toBeLessThan(300e6);
  expect(writtenBytes).toBeGreaterThanOrEqual(5e6);
  expect(readBytes).toBeGreaterThan(0);
});

test("children count for their parent", async () => {
  const bench = await openBench();
  const busy = "import time\nend = time.process_time() + 0.15\nwhile time.process_time() < end: pass";
  const attempt = bench.start({ command: shell(`python3 -c '${busy}' & python3 -c '${busy}'; wait`) });
  const outcome = await attempt.done;
  expect(outcome.kind).toBe("succeeded");
  if (outcome.kind === "succeeded") expect(outcome.usage.cpuMs).toBeGreaterThanOrEqual(290);
});

test("environments of containers are refused before anything starts", async () => {
  const { runner } = await openBench();
  const command = { kind: "command" as const, command: ["true"] };
  for (const environment of [
    { kind: "image" as const, image: "python:3" },
    { kind: "dockerfile" as const, dockerfile: "Dockerfile", context: "." },
  ]) {
    expect(() => runner.check({ task: "t", command, environment })).toThrow(
      expect.objectContaining({ code: "SCANFLOW_ENVIRONMENT_UNSUPPORTED" }),
    );
  }
  expect(() => runner.check({ task: "t", command, environment: { kind: "host" } })).not.toThrow();
});
