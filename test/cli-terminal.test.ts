import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";
import { TestTerminal } from "../packages/scanflow/src/cli/progress/terminal.test.support.ts";
import { folderOf, until } from "./cli.test.support.ts";
import { inTerminal, testOnTerminal } from "./terminal.test.support.ts";

const CONFIG = `application: lab
main: outer
workflows:
  outer:
    nodes:
      first: { run: "echo begun; ${until("go")}" }
      inner: { kind: workflow, workflow: part, after: [first] }
      never: { run: "true", when: "1 == 2" }
  part:
    nodes:
      deep: { run: "printf 'half\\\\rwhole\\\\n'" }
  gate:
    nodes:
      make: { run: "echo made" }
      ask: { kind: approval, message: "Ship it?", after: [make] }
  stubborn:
    nodes:
      deaf: { run: "trap '' TERM INT; echo begun; ${until("go")}" }
`;

/** What stands on the screen and above it in the end. */
function screenOf(stdout: string): string[] {
  const terminal = new TestTerminal(80, 24);
  terminal.write(stdout);
  return terminal.text;
}

testOnTerminal(
  "on a terminal a live tree is drawn, lines scroll above it, and the summary stays",
  async () => {
    const folder = await folderOf({ "scanflow.yaml": CONFIG });
    const run = inTerminal(folder, "rows 24 cols 80", "run");
    const row = (mark: string) => new RegExp(`${mark}.* first {3,}\\d\\.\\d s {2}.*begun`, "u");
    // Both are drawn each turn of the spinner, so whichever of them comes first.
    await run.saw(row("⠹"));
    await run.saw(row("⠼"));
    spawnSync("touch", ["go"], { cwd: folder });
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    const last = stdout.lastIndexOf("\u001b[?25h");
    const [live, summary] = [stdout.slice(0, last), stdout.slice(last)];
    expect(live.indexOf("\u001b[?25l")).toBeGreaterThan(-1);
    const drawn = stripVTControlCharacters(live).replaceAll("\r", "").split("\n");
    expect(drawn).toContain("first | begun");
    expect(drawn).toContain("inner/deep | whole");
    for (const mark of "⠹⠼") {
      expect(drawn).toContainEqual(
        expect.stringMatching(new RegExp(`^${mark} first {3,}\\d\\.\\d s {2}begun$`)),
      );
    }
    expect(drawn.some((line) => /^· {3}deep *$/.test(line))).toBe(true);
    for (const line of drawn) expect(line.length).toBeLessThan(80);
    expect(summary).not.toContain("\u001b[1A");
    expect(summary).toContain("\u001b[32msucceeded\u001b[39m");
    const said = stripVTControlCharacters(summary).replaceAll("\r", "");
    expect(said).toMatch(
      /✓ first +done[\s\S]*- never +skipped +its condition does not hold\n[\s\S]*2 done, 1 skipped\n/,
    );
  },
);

testOnTerminal("Ctrl-C leaves the last picture and a visible cursor; --no-color has no colours", async () => {
  const folder = await folderOf({ "scanflow.yaml": CONFIG });
  const run = inTerminal(folder, "rows 24 cols 80", "run --no-color");
  await run.saw("begun");
  run.child.stdin?.write("\u0003");
  const { code, stdout } = await run.ended;
  expect(code).toBe(130);
  const last = stdout.lastIndexOf("\u001b[?25h");
  expect(stdout.slice(0, last)).toMatch(/first [\s\S]*1 running/);
  expect(stdout.slice(last)).toMatch(/Waiting for 1 task to stop: first\.[\s\S]*scanflow resume/);
  for (const colour of [1, 2, 31, 32, 36]) expect(stdout).not.toContain(`\u001b[${colour}m`);
});

testOnTerminal.each([
  ["gate", 75, ["✓ make", "? ask"]],
  ["outer", 0, ["✓ first", "✓ inner/deep", "- never"]],
])("in the end the tasks of %s stand on the screen once", async (workflow, exit, marks) => {
  const folder = await folderOf({ "scanflow.yaml": CONFIG, go: "" });
  const { code, stdout } = await inTerminal(folder, "rows 24 cols 80", `run ${workflow}`).ended;
  expect(code).toBe(exit);
  const rows = screenOf(stdout).filter((line) => /^[✓=?·⠋▸-] /.test(line));
  expect(rows.map((line) => line.split(" ", 2).join(" "))).toEqual(marks);
});

testOnTerminal("while a task does not stop it is said at once, and Ctrl-C again leaves", async () => {
  const folder = await folderOf({ "scanflow.yaml": CONFIG });
  const run = inTerminal(folder, "rows 24 cols 200", "run stubborn");
  await run.saw("begun");
  run.child.stdin?.write("\u0003");
  await run.saw("Waiting for 1 task to stop: deaf. ");
  await run.saw("Press Ctrl-C again to leave at once");
  run.child.stdin?.write("\u0003");
  const { code, stdout } = await run.ended;
  expect(code).toBe(130);
  expect(stdout).not.toContain("Interrupted;");
});
