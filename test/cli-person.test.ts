import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, lastLine, scanflow, start, until } from "./cli.test.support.ts";

const FILES = {
  "scanflow.yaml": `application: lab
main: gate
workflows:
  gate:
    nodes:
      make: { run: "echo made" }
      ask: { kind: approval, message: "Ship it?", after: [make] }
      ship: { run: "echo shipped", after: [ask] }
  slow:
    nodes:
      one: { run: "echo begun; ${until("go")}; echo ended" }
      two: { run: "echo two", after: [one] }
  flaky:
    nodes:
      try: { run: "echo trying; test -e tried || { touch tried; exit 1; }; ${until("go")}; echo well", retry: { limit: 1, delay: 10ms } }
`,
};

test("a run that waits for a person exits with 75; yes lets it go on to its end", async () => {
  const folder = await folderOf(FILES);
  const waiting = await scanflow(folder, ["run"]);
  expect(waiting.code).toBe(75);
  expect(waiting.stdout).toMatch(/\? ask +waiting +Ship it\?\n/);
  const [, run] = / {2}scanflow approve (\w+) ask\n/.exec(waiting.stdout) ?? [];
  expect((await scanflow(folder, ["ls"])).stdout).toContain(`${run}  gate      waiting`);
  expect((await scanflow(folder, ["resume"])).code).toBe(75);
  const yes = await scanflow(folder, ["approve", run ?? "", "ask", "--comment", "go"]);
  expect(yes.code).toBe(0);
  expect(yes.stdout).toMatch(/ask +\S+ said yes: go\n/);
  expect(yes.stdout).toContain("ship  | shipped\n");
  const again = await scanflow(folder, ["approve", run ?? "", "ask"]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain("SCANFLOW_TASK_NOT_WAITING");
});

test("resume without a name says which run it takes up, and which others it could be", async () => {
  const folder = await folderOf(FILES);
  const runs = [await scanflow(folder, ["run", "--json"]), await scanflow(folder, ["run", "--json"])];
  const [older, newer] = runs.map(({ stdout }) => String(lastLine(stdout).run));
  const resumed = await scanflow(folder, ["resume"]);
  const [said, others, ...listed] = resumed.stderr.trimEnd().split("\n");
  expect(said).toMatch(
    new RegExp(`^No run was named: taking up run ${newer} of gate \\(waiting, started .*\\)\\.$`),
  );
  expect(others).toBe("Others that could be meant:");
  expect(listed).toEqual([expect.stringMatching(new RegExp(`^ {2}${older} {2}gate {2}waiting `))]);
  expect((await scanflow(folder, ["resume", older ?? ""])).stderr).toBe("");
  await scanflow(folder, ["approve", "latest", "ask", "--reject"]);
  expect((await scanflow(folder, ["retry"])).stderr).toContain(`trying again what failed in run ${newer} `);
});

test("with --json the last line of a run that waits, or is paused, says so in the shape of one that ended", async () => {
  const folder = await folderOf(FILES);
  const waiting = await scanflow(folder, ["run", "--json"]);
  expect(waiting.code).toBe(75);
  const rest = { cached: false, durationMs: expect.any(Number) };
  const [made, asked, shipped] = [
    { name: "make", status: "succeeded", attempts: 1, ...rest },
    { name: "ask", status: "waiting", attempts: 0, ...rest },
    { name: "ship", status: "pending", attempts: 0, ...rest },
  ];
  const said = lastLine(waiting.stdout);
  const run = expect.any(String);
  expect(said).toEqual({ event: "run-waiting", run, status: "waiting", tasks: [made, asked, shipped] });
  expect(Object.keys(said)).toEqual(["event", "run", "status", "tasks"]);
  const again = await scanflow(folder, ["resume", "--json"]);
  expect(lastLine(again.stdout)).toEqual(said);
  const slow = start(folder, ["run", "slow", "--json"]);
  await slow.saw('"task":"one"');
  await scanflow(folder, ["pause"]);
  await writeFile(join(folder, "go"), "");
  const paused = await slow.ended;
  expect(paused.code).toBe(75);
  const tasks = [
    { name: "one", status: "succeeded", attempts: 1, ...rest },
    { name: "two", status: "pending", attempts: 0, ...rest },
  ];
  expect(lastLine(paused.stdout)).toEqual({ event: "run-paused", run, status: "paused", tasks });
});

test("no fails the run, and a retry asks again", async () => {
  const folder = await folderOf(FILES);
  await scanflow(folder, ["run"]);
  const no = await scanflow(folder, ["approve", "latest", "ask", "--reject", "--json"]);
  expect(no.code).toBe(1);
  expect(lastLine(no.stdout)).toMatchObject({ event: "run-finished", status: "failed" });
  expect((await scanflow(folder, ["retry"])).code).toBe(75);
});

test("a paused run lets what runs end and starts nothing more until it is resumed", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run", "slow"]);
  await run.saw("begun");
  expect((await scanflow(folder, ["pause"])).code).toBe(0);
  await writeFile(join(folder, "go"), "");
  const paused = await run.ended;
  expect(paused.code).toBe(75);
  expect(paused.stdout).toMatch(/✓ one +done/);
  expect(paused.stdout).toMatch(/· two +pending/);
  const resumed = await scanflow(folder, ["resume"]);
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toContain("two  | two\n");
  expect(resumed.stdout).not.toContain("begun");
});

test("logs -f prints a log as it grows, through the attempts, and ends with the task", async () => {
  const folder = await folderOf(FILES);
  const run = start(folder, ["run", "flaky"]);
  await run.saw("attempt 2");
  const logs = start(folder, ["logs", "latest", "try", "-f", "--attempt", "1"]);
  await logs.saw("Attempt 2:");
  await writeFile(join(folder, "go"), "");
  expect(await logs.ended).toMatchObject({ code: 0, stdout: "trying\ntrying\nwell\n" });
  expect((await run.ended).code).toBe(0);
  const first = await scanflow(folder, ["logs", "latest", "try", "--attempt", "1", "--json"]);
  expect(JSON.parse(first.stdout)).toMatchObject({ task: "try", attempt: 1, text: "trying\n" });
});
