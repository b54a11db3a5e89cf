import { once } from "node:events";
import { expect, test } from "vitest";
import { folderOf, scanflow, start } from "./cli.test.support.ts";

const application = {
  "scanflow.yaml":
    "application: demo\nworkflows:\n  main:\n    nodes:\n      a: { kind: executor, run: echo hi }\n",
};
const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

test("records go into a stream from a file and a pipe, and can be looked at, kept and removed", async () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({
    id: `r${index}`,
    at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
    x: index,
  }));
  const folder = await folderOf({
    ...application,
    "rows.jsonl": lines(rows),
    "more.csv": "x,city\n1,Graz\n2,\n",
  });
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await scanflow(folder, ["stream", ...args]);
    return { code, text: stdout + stderr };
  };
  const append = ["append", "visits", "rows.jsonl", "--id", "id", "--time", "at"];
  expect((await run("ls")).text).toContain("No streams yet");
  expect((await run(...append)).text).toBe("Appended 30 records to visits.\n");
  expect((await run(...append)).text).toBe("Appended 0 records to visits; 30 were there already.\n");

  const tail = start(folder, ["stream", "tail", "visits", "--last", "1", "--follow"]);
  await tail.saw('"x":29');
  const pipe = start(folder, ["stream", "append", "visits"]);
  pipe.child.stdin?.write('{"x": 30}\n');
  await tail.saw('"x":30');
  pipe.child.stdin?.end("[1]\n");
  expect(await pipe.ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Line 2 is [1]. Write an object with a value for each column."),
  });
  tail.child.kill("SIGINT");
  await once(tail.child, "close");
  const seen = (await tail.ended).stdout.trim().split("\n");
  expect(JSON.parse(seen[0] ?? "")).toEqual({
    position: 30,
    id: "r29",
    timeMs: Date.UTC(2026, 0, 1, 0, 29),
    values: rows[29],
  });

  expect((await run("keep", "visits", "--records", "5")).code).toBe(0);
  expect(JSON.parse((await run("ls", "--json")).text)).toMatchObject([
    { stream: "visits", records: 5, last: 31 },
  ]);
  expect((await run("append", "visits", "more.csv")).text).toBe("Appended 2 records to visits.\n");
  const table = (await run("tail", "visits", "--last", "2")).text.trim().split("\n");
  expect(table.map((text) => JSON.parse(text).values)).toEqual([{ x: 1, city: "Graz" }, { x: 2 }]);
  expect((await run("rm", "visits")).code).toBe(2);
  expect((await run("rm", "visits", "--yes")).text).toBe('Removed the stream "visits".\n');
  expect(await run("tail", "visits")).toEqual({
    code: 2,
    text: expect.stringContaining('There is no stream "visits". "scanflow stream ls" lists them.'),
  });
});
