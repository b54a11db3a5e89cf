import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { profileColumns } from "@scanflow/checks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scanflow } from "./cli.test.support.ts";

const lines = (row: (at: number) => string, rows = 60) =>
  Array.from({ length: rows }, (_, at) => row(at)).join("\n");
const table = (head: string, row: (at: number) => string, rows = 60) => `${head}\n${lines(row, rows)}\n`;

const ages = Array.from({ length: 60 }, (_, at) => at);
const profile = JSON.stringify(profileColumns({ age: ages }, { seed: 1 }));
const sound = table("age", (at) => `${at}`);

const FILES = {
  "sound.csv": sound,
  "infinite.csv": table("age", (at) => (at === 30 ? "inf" : `${at}`)),
  "missing.csv": table("age,city", () => ",Bonn"),
  "odd.csv": table('__proto__,"a""b.c",👍', () => "1,2,3"),
  "ragged.csv": table("age,city", (at) => (at === 20 ? "1" : `${at},Bonn`)),
  "late.csv": table("age", (at) => (at === 99_999 ? "old" : `${at}`), 100_000),
  "wide.csv": `${lines((at) => `c${at}`, 10_000).replaceAll("\n", ",")}\n${"1,".repeat(9_999)}1\n`,
  "profile.json": profile,
  "cut.json": profile.slice(0, 300),
  "future.json": profile.replace('"version":2', '"version":99'),
  "schema.yaml": "format: scanflow-schema\nversion: 1\ncolums: {}\n",
  "hangs.mjs": "export default () => { for (;;) {} }",
  "detector.onnx": "no network",
  "tests.yaml": "label: age\nprediction: age\npredictor: hangs.mjs\ntests: [{ metric: accuracy, min: 1 }]\n",
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scanflow-bad-input-"));
  const files = { ...FILES, "cut.csv.gz": gzipSync(sound.repeat(200)).subarray(0, 200) };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const drift = (current: string, reference = "sound.csv") => [
  "check",
  "--current",
  current,
  "--reference",
  reference,
];
const own = (command: string) => ["check", "--current", "sound.csv", "--check", command, "--timeout", "2s"];

test.each<[string, readonly string[], RegExp]>([
  ["an infinite value", drift("infinite.csv"), /"age": 1 value of the window is infinite: mend them/],
  [
    "all missing, and a column unseen",
    drift("missing.csv"),
    /"age": all 60 values.* are missing.*"city": it is not in/s,
  ],
  ["other columns, oddly named", drift("odd.csv"), /"__proto__": it is not in the reference/],
  ["ten thousand columns of one row", drift("wide.csv"), /10001 columns could not be judged/],
  [
    "a ragged row",
    drift("ragged.csv"),
    /ragged\.csv" line 22: the row has 1 cells, the others have 2\. Mend/,
  ],
  ["a text in the last row of many", drift("late.csv"), /line 100001: column "age" holds "old".*--null/],
  [
    "half a gzip file",
    drift("cut.csv.gz"),
    /cut\.csv\.gz" is no whole gzip file \(unexpected end of file\)\. Write or fetch/,
  ],
  [
    "half a profile",
    drift("sound.csv", "cut.json"),
    /PROFILE_INVALID: ".*cut\.json": .* is not JSON .* Make the profile again/,
  ],
  [
    "a profile of the future",
    drift("sound.csv", "future.json"),
    /PROFILE_VERSION: .*future\.json.* version 99.*Upgrade/,
  ],
  [
    "a misspelt schema",
    [...drift("sound.csv"), "--schema", "schema.yaml"],
    /"colums" is no field of a schema/,
  ],
  [
    "a damaged detector",
    [...drift("sound.csv"), "--check", "detector", "--file", "detector=detector.onnx"],
    /The detector ".*detector\.onnx": The ONNX model: .* Write the file again/,
  ],
  [
    "a predictor that hangs",
    [...own("model-tests"), "--file", "tests=tests.yaml"],
    /hangs\.mjs took longer than 2 s/,
  ],
  ["a plug-in that prints no JSON", own("echo hello"), /The checker "echo hello": The verdict is not JSON/],
  [
    "one that prints zeros without end",
    own("cat /dev/zero"),
    /The checker "cat \/dev\/zero" took longer than 2 s/,
  ],
])(
  "%s exits with 2, by a message that names it and what to do, and leaves no file",
  async (_, args, message) => {
    const before = await readdir(folder);
    const { code, stdout, stderr } = await scanflow(folder, args);
    const told = stdout + stderr;
    expect(told).toMatch(message);
    expect(told).not.toMatch(/undefined|\bNaN\b|^\s+at /m);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(before);
  },
);
