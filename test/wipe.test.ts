import { randomBytes } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow, start, until } from "./cli.test.support.ts";
import { inTerminal, testOnTerminal } from "./terminal.test.support.ts";
import { digestsOf, document, type ShownRun } from "./upkeep.test.support.ts";

const word = () => `w${randomBytes(6).toString("hex")}`;

/** Every word that stands in a file below `.scanflow`, or in its name. */
function found(folder: string, words: readonly string[]): string[] {
  const state = join(folder, ".scanflow");
  const files = globSync("**/*", { cwd: state }).filter((path) => statSync(join(state, path)).isFile());
  return words.filter((one) =>
    files.some((path) => path.includes(one) || readFileSync(join(state, path)).includes(one)),
  );
}

function workflow(words: { log: string; value: string; content: string; model: string; task: string }) {
  const { log, value, content, model, task } = words;
  return {
    nodes: {
      [task]: {
        run: `echo ${log}; echo '{"v": "${value}"}' > "$SCANFLOW_RESULT_FILE"; echo ${content} > {{outputs.m}}`,
        outputs: { m: { path: "m.txt", register: model } },
      },
    },
  };
}

const words = () => ({ log: word(), value: word(), content: word(), model: word(), task: word() });

test("a wiped workflow leaves no byte below .scanflow, and its neighbour is as it was", async () => {
  const [doomed, kept] = [words(), words()];
  const name = word();
  const workflows = { [name]: workflow(doomed), neighbour: workflow(kept) };
  const folder = await folderOf({
    "scanflow.yaml": JSON.stringify({ application: "lab", main: name, workflows }),
  });
  for (const one of [name, "neighbour", name])
    expect(await scanflow(folder, ["run", one])).toMatchObject({ code: 0 });
  const all = [name, ...Object.values(doomed)];
  expect(found(folder, all)).toEqual(all);
  const [before] = (await document<ShownRun[]>(folder, "ls", "--workflow", "neighbour")).map(
    ({ run }) => run,
  );
  const shown = await document<ShownRun>(folder, "show", before ?? "");
  const survey = await scanflow(folder, ["wipe", name, "--dry-run"]);
  expect(survey.stdout).toContain(`models ${doomed.model} (1 version)`);
  expect(await scanflow(folder, ["wipe", name])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_UNCONFIRMED"),
  });
  expect(found(folder, all)).toEqual(all);
  const wiped = await scanflow(folder, ["wipe", name, "--yes"]);
  expect(wiped).toMatchObject({ code: 0, stderr: "" });
  expect(wiped.stdout).toContain("2 runs with");
  expect(found(folder, all)).toEqual([]);
  expect(await document<ShownRun>(folder, "show", before ?? "")).toEqual(shown);
  expect(await scanflow(folder, ["run", "neighbour"])).toMatchObject({ code: 0 });
  const again = await document<ShownRun>(folder, "show");
  expect(digestsOf(again)).toEqual(digestsOf(shown));
  expect(again.tasks.every(({ cached }) => cached)).toBe(true);
  expect(await scanflow(folder, ["wipe", name, "--yes"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_WORKFLOW_UNKNOWN"),
  });
  expect(await scanflow(folder, ["wipe", "--yes"])).toMatchObject({ code: 0 });
  expect(found(folder, Object.values(kept))).toEqual([]);
  expect(await document<ShownRun[]>(folder, "ls")).toEqual([]);
});

test("a workflow that another process runs is not wiped; an idle one is, through that process", async () => {
  const [idle, busy] = [words(), words()];
  const waiting = workflow(busy);
  const workflows = {
    idle: workflow(idle),
    busy: { nodes: { ...waiting.nodes, waits: { run: until("go"), cache: false } } },
  };
  const folder = await folderOf({
    "scanflow.yaml": JSON.stringify({ application: "lab", main: "idle", workflows }),
  });
  expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  const owner = start(folder, ["run", "busy"]);
  await owner.saw(busy.log);
  expect(await scanflow(folder, ["wipe", "busy", "--yes"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_RUN_ACTIVE"),
  });
  expect(await scanflow(folder, ["wipe", "idle", "--yes"])).toMatchObject({ code: 0, stderr: "" });
  expect(found(folder, Object.values(idle))).toEqual([]);
  expect(await scanflow(folder, ["cancel", "latest"])).toMatchObject({ code: 0 });
  expect((await owner.ended).code).toBe(1);
  expect(found(folder, [busy.log, busy.task])).toEqual([busy.log, busy.task]);
});

testOnTerminal(
  "on a terminal a person sees what would go and types the name; another word removes nothing",
  async () => {
    const mine = words();
    const workflows = { doomed: workflow(mine) };
    const folder = await folderOf({
      "scanflow.yaml": JSON.stringify({ application: "lab", main: "doomed", workflows }),
    });
    expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
    const all = Object.values(mine);
    const wipeTyping = async (typed: string) => {
      const asked = inTerminal(folder, "rows 24 cols 100", "wipe doomed");
      await asked.saw("Type doomed to go on");
      asked.child.stdin?.write(`${typed}\r`);
      return asked.ended;
    };
    const refused = await wipeTyping("domed");
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain(`models ${mine.model} (1 version)`);
    expect(refused.stdout).toContain("SCANFLOW_UNCONFIRMED");
    expect(found(folder, all)).toEqual(all);
    expect((await wipeTyping("doomed")).code).toBe(0);
    expect(found(folder, all)).toEqual([]);
  },
);
