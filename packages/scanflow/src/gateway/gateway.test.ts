import { chmod, mkdir, open, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorOf, output } from "../runners/bench.test.support.ts";
import { smallDisk } from "../runners/small-disk.test.support.ts";
import { gatewayBench } from "./gateway.test.support.ts";

const sh = (line: string) => ({ kind: "command", command: line }) as const;

test("a shim carries an attempt out from its inputs to its outputs, under the node contract", async () => {
  const bench = await gatewayBench();
  await bench.write("data/größe.csv", "a,b\n1,2\n");
  await mkdir(join(bench.root, "folder/deep/empty"), { recursive: true });
  await writeFile(join(bench.root, "folder/ü n.txt"), "ü");
  await writeFile(join(bench.root, "folder/run.sh"), "echo ran");
  await chmod(join(bench.root, "folder/run.sh"), 0o755);
  await symlink("../ü n.txt", join(bench.root, "folder/deep/link"));
  const file = await bench.artifacts.publish(join(bench.root, "data/größe.csv"));
  const folder = await bench.artifacts.publish(join(bench.root, "folder"));
  const carried = await bench.carry({
    command: sh(
      `cp {{inputs.data}} {{outputs.copy}} && cp -a {{inputs.tree}} {{outputs.tree}} && test ! -w {{inputs.data}} || id -u;
       echo "out $SCANFLOW_PARAM_RATE" && echo err >&2 && echo '{"n": 1, "name": "ü"}' > $SCANFLOW_RESULT_FILE; pwd; echo \${SCANFLOW_GATEWAY_TOKEN:-none}`,
    ),
    params: { rate: 0.5 },
    inputs: { data: file.digest, tree: folder.digest },
    inputFiles: { data: "größe.csv" },
    outputs: {
      copy: output({ path: "a/copy.csv", type: "csv" }),
      tree: output({ path: "tree", type: "folder" }),
      absent: output({ path: "absent", optional: true }),
    },
  });
  expect(carried.outcome).toMatchObject({
    kind: "succeeded",
    outputs: { copy: file.digest, tree: folder.digest },
    result: { n: 1, name: "ü" },
    usage: { cpuMs: expect.any(Number) },
  });
  expect(carried.lines).toEqual(expect.arrayContaining(["out 0.5", "err", bench.root, "none"]));
  expect(await readFile(carried.spec.log, "utf8")).toContain("out 0.5\n");
  expect((await carried.shim.exit).code).toBe(0);
});

test.each([
  ["an exit code", sh("echo why >&2; exit 3"), "SCANFLOW_TASK_FAILED", /exit code 3.*\nwhy/s, true],
  ["a signal", sh("kill -9 $$"), "SCANFLOW_TASK_FAILED", /SIGKILL/, true],
  [
    "a program that is not there",
    sh("no-such-program"),
    "SCANFLOW_COMMAND_NOT_FOUND",
    /no-such-program/,
    false,
  ],
  [
    "a shell's word for it",
    sh("no-such-program | cat; exit 127"),
    "SCANFLOW_COMMAND_NOT_FOUND",
    /127/,
    false,
  ],
  ["a file that is no program", sh("./plain.txt"), "SCANFLOW_COMMAND_DENIED", /chmod/, false],
])("%s is told as by the process runner", async (_, command, code, says, retryable) => {
  const bench = await gatewayBench();
  await bench.write("plain.txt", "text");
  const carried = await bench.carry({ command });
  const error = errorOf(carried.outcome);
  expect(error).toMatchObject({ code, retryable });
  expect(error.message).toMatch(says);
  expect((await carried.shim.exit).code).toBe(1);
  const here = await bench.start({ command, task: carried.spec.task }).done;
  expect(errorOf(here)).toEqual(error);
});

test.each([
  ["missing", "true", { path: "x" }, "SCANFLOW_OUTPUT_MISSING", /expected at \/scanflow\/outputs\/x/],
  [
    "of another type",
    "echo '{' > {{outputs.o}}",
    { path: "x", type: "json" },
    "SCANFLOW_OUTPUT_INVALID",
    /does not parse/,
  ],
  [
    "a link that leads out",
    "ln -s /etc/passwd {{outputs.o}}",
    { path: "x" },
    "SCANFLOW_OUTPUT_INVALID",
    /outside/,
  ],
  ["a link to nowhere", "ln -s nowhere {{outputs.o}}", { path: "x" }, "SCANFLOW_OUTPUT_INVALID", /nowhere/],
  [
    "a folder with a link that leads out",
    "mkdir {{outputs.o}}; ln -s /etc {{outputs.o}}/etc",
    { path: "x" },
    "SCANFLOW_ATTEMPT_FAILED",
    /leads out/,
  ],
] as const)("an output that is %s is refused", async (_, line, declared, code, says) => {
  const bench = await gatewayBench();
  const { outcome } = await bench.carry({ command: sh(line), outputs: { o: output(declared) } });
  expect(errorOf(outcome)).toMatchObject({ code, message: expect.stringMatching(says) });
});

test("a result that is none is refused, as by the process runner", async () => {
  const bench = await gatewayBench();
  const { outcome } = await bench.carry({ command: sh("echo '[1]' > $SCANFLOW_RESULT_FILE") });
  expect(errorOf(outcome)).toMatchObject({ code: "SCANFLOW_RESULT_INVALID" });
  const link = await bench.carry({ command: sh("ln -s /etc/passwd $SCANFLOW_RESULT_FILE") });
  expect(errorOf(link.outcome)).toMatchObject({
    code: "SCANFLOW_RESULT_INVALID",
    message: expect.stringContaining("is not a file"),
  });
});

test("a function step is run by the shim itself; its metrics come while it runs", async () => {
  const bench = await gatewayBench();
  await bench.write(
    "steps/train.ts",
    `import { writeFileSync, existsSync } from "node:fs";
export default async ({ outputs, params, metric, tag, item }) => {
  metric("loss", 0.5, 1);
  tag("kind", "x");
  console.log("waits");
  while (!existsSync(${JSON.stringify(join(bench.root, "go"))})) await new Promise((go) => setTimeout(go, 20));
  writeFileSync(outputs.model, "m");
  return { item, rate: params.rate };
};`,
  );
  const offered = bench.offer({
    command: { kind: "module", module: "steps/train.ts", export: "default" },
    params: { rate: 1 },
    item: "5",
    outputs: { model: output({ path: "model.bin" }) },
  });
  const shim = bench.shim(["run"], offered.attempt.variables);
  await expect.poll(() => offered.batches.length).toBeGreaterThan(0);
  await writeFile(join(bench.root, "go"), "");
  expect(await offered.attempt.done).toMatchObject({
    kind: "succeeded",
    outputs: { model: expect.stringMatching(/^sha256:/) },
    result: { item: "5", rate: 1 },
  });
  expect(offered.batches.flatMap(({ metrics }) => metrics)).toMatchObject([
    { key: "loss", value: 0.5, step: 1 },
  ]);
  expect(offered.lines).toContain("waits");
  expect((await shim.exit).code).toBe(0);
});

test("secrets reach the command; no log of either side holds them", async () => {
  const bench = await gatewayBench({ environment: { KEY: "v3ry-s3cret" } });
  const { outcome, lines, shim, spec } = await bench.carry({
    command: sh('test "$KEY" = v3ry-s3cret && echo "it is $KEY" && echo $MLFLOW_TRACKING_TOKEN'),
    secrets: ["KEY"],
  });
  expect(outcome.kind).toBe("succeeded");
  expect(lines).toEqual(["it is ***", "***"]);
  expect(await readFile(spec.log, "utf8")).not.toContain("s3cret");
  expect(shim.output()).not.toContain("s3cret");
});

test("a disk of the owner that is full ends the attempt at once with its reason", async ({ skip }) => {
  const disk = await smallDisk(256);
  if (disk === undefined) return skip("mounting needs root");
  const bench = await gatewayBench();
  const carried = await bench.carry({
    command: sh("head -c 1000000 /dev/zero > {{outputs.o}}"),
    outputs: { o: output({ path: "o" }) },
    workdir: join(disk, "work/t.1"),
  });
  const error = errorOf(carried.outcome);
  expect(error.code).toBe("SCANFLOW_STORAGE_FULL");
  expect(error.message).toMatch(/scanflow gc/);
  expect(carried.shim.output()).toContain("not wanted any more");
});

test("a secret that is missing refuses the attempt before anything is offered", async () => {
  const bench = await gatewayBench({ environment: {} });
  expect(() => bench.offer({ secrets: ["KEY"] })).toThrow(
    expect.objectContaining({ code: "SCANFLOW_SECRET_MISSING" }),
  );
});

test("an artifact of 200 MB goes in and out as a stream, with bounded memory on both sides", async () => {
  const bench = await gatewayBench();
  const large = join(bench.root, "large.bin");
  const file = await open(large, "w");
  for (let at = 0; at < 200; at++) await file.write(Buffer.alloc(1024 ** 2, at));
  await file.close();
  const { digest } = await bench.artifacts.publish(large);
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  const { outcome, lines } = await bench.carry({
    // Of the shim itself, the command's parent, once the input has come.
    command: sh("cp {{inputs.a}} {{outputs.b}}; grep VmHWM /proc/$PPID/status"),
    inputs: { a: digest },
    outputs: { b: output({ path: "b" }) },
  });
  clearInterval(sampling);
  expect(outcome).toMatchObject({ kind: "succeeded", outputs: { b: digest } });
  expect(peak - before).toBeLessThan(150 * 1024 ** 2);
  expect(Number(/\d+/.exec(lines[0] ?? "")?.[0])).toBeLessThan(200 * 1024);
});

test("an address elsewhere that leaves the port open has the one that was free", async () => {
  const { door } = await gatewayBench({ advertised: "http://machine.example:0" });
  expect(door.port).toBeGreaterThan(0);
  expect(door.url).toBe(`http://machine.example:${door.port}`);
});
