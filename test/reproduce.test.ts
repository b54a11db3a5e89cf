import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, lastLine, scanflow } from "./cli.test.support.ts";
import { document, foreignExample, type ShownRun } from "./upkeep.test.support.ts";

test("the digits run is reproduced: every digest, result and metric is equal, from the data as it was", async () => {
  const folder = foreignExample("digits");
  expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  const first = await document<ShownRun>(folder, "show");
  const data = join(folder, "data/digits.csv");
  writeFileSync(data, readFileSync(data, "utf8").split("\n").slice(0, 500).join("\n"));
  const { code, stdout } = await scanflow(folder, ["reproduce", first.run, "--json"]);
  const compared = lastLine(stdout);
  expect(compared).toMatchObject({ event: "run-compared", equal: true, before: { run: first.run } });
  expect(code).toBe(0);
  const tasks = compared.tasks as { equal: boolean }[];
  expect(tasks.length).toBeGreaterThan(7);
  expect(tasks.filter(({ equal }) => !equal)).toEqual([]);
  const second = await document<ShownRun>(folder, "show");
  expect(second.run).not.toBe(first.run);
  expect(second.tasks.filter(({ cached }) => cached)).toEqual([]);
  expect(first.models).toHaveLength(1);
  expect(second.models).toEqual([]);
});

test("what differs is listed with its cause and its first differing line, and the exit code is 1", async () => {
  const config = `application: lab
main: train
workflows:
  train:
    nodes:
      fixed: { run: [sh, steps/fixed.sh], outputs: [x] }
      behind: { run: "cat {{inputs.x}} > {{outputs.y}}", inputs: { x: fixed.x }, outputs: [y] }
      clock: { run: "date +%N > {{outputs.now}}", outputs: [now] }
`;
  const folder = await folderOf({
    "scanflow.yaml": config,
    "steps/fixed.sh": 'printf "one\\ntwo\\n" > "$SCANFLOW_OUTPUT_X"\n',
  });
  expect(await scanflow(folder, ["reproduce"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_RUN_UNKNOWN"),
  });
  expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "steps/fixed.sh"), 'printf "one\\n2\\n" > "$SCANFLOW_OUTPUT_X"\n');
  const { code, stdout } = await scanflow(folder, ["reproduce"]);
  expect(code).toBe(1);
  expect(stdout).toContain("code: steps/fixed.sh of fixed changed since; it ran as it is now.");
  expect(stdout).toContain('fixed output x: line 2: "two" before, "2" now');
  expect(stdout).toMatch(/different {2}behind +succeeded +what it was given differs/);
  expect(stdout).toMatch(/different {2}clock +succeeded +nothing it is made of changed/);
  expect(stdout).toContain("Not all is equal.");
});

test("before it begins it is said that every task runs again, and whose answers are taken over", async () => {
  const config = `application: lab
main: gate
workflows:
  gate:
    nodes:
      make: { run: "echo made >> effects" }
      ask: { kind: approval, message: "Ship it?", after: [make] }
      ship: { run: "echo shipped >> effects", after: [ask] }
      never: { run: "echo never >> effects", when: "1 == 2" }
`;
  const folder = await folderOf({ "scanflow.yaml": config });
  await scanflow(folder, ["run"]);
  await scanflow(folder, ["approve", "latest", "ask", "--comment", "go"]);
  const { run } = await document<ShownRun>(folder, "show");
  const { code, stdout, stderr } = await scanflow(folder, ["reproduce"]);
  expect(code).toBe(0);
  expect(stderr.trimEnd().split("\n")).toEqual([
    expect.stringMatching(new RegExp(`^Reproducing run ${run} of gate \\(succeeded, started `)),
    expect.stringMatching(/^Every task runs again \(2 tasks\)/),
    "Answers that are taken over, so that nobody is asked:",
    expect.stringMatching(/^ {2}ask {2}yes, by \S+: go$/),
  ]);
  expect(readFileSync(join(folder, "effects"), "utf8")).toBe("made\nshipped\n".repeat(2));
  expect((await scanflow(folder, ["show"])).stdout).toContain(`\nreproduces run ${run}\n`);
  expect(stdout).toContain("All is equal.");
});
