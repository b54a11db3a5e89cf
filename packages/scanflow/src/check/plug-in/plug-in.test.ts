import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { runChecks } from "../run-checks.ts";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-plug-in-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function judge(root: string, check: string, given: { params?: object; timeoutMs?: number } = {}) {
  const { params = {}, timeoutMs = 20_000 } = given;
  return runChecks(
    [{ name: "mine", check, params: params as never, files: {} }],
    {
      current: join(root, "window.csv"),
      reference: join(root, "reference.csv"),
      options: {},
      root,
      seed: 1,
      timeoutMs,
    },
    { signal: new AbortController().signal },
  );
}

const data = { "window.csv": "age\n1\n2\n90\n", "reference.csv": "age\n1\n2\n3\n" };

const typescript = `
import type { CheckContext, Dataset, Verdict } from "@scanflow/checks";

export default async function oldest(window: Dataset, reference: Dataset | null, { params }: CheckContext): Promise<Verdict> {
  const most = async (data: Dataset | null) => {
    const [column] = (await data?.profile())?.columns ?? [];
    return column?.kind === "number" ? (column.max ?? 0) : 0;
  };
  const [now, before] = [await most(window), await most(reference)];
  const grown = now - before;
  return {
    status: grown > Number(params.most) ? "alarm" : "ok",
    kind: "age",
    message: \`The oldest is \${grown} years older.\`,
    columns: grown > Number(params.most) ? ["age"] : [],
    evidence: { age: { now, before } },
  };
}
`;

const python = `
import csv, json, os
def most(name):
    with open(os.environ["SCANFLOW_INPUT_" + name]) as file:
        return max(float(row["age"]) for row in csv.DictReader(file))
params = json.load(open(os.environ["SCANFLOW_PARAMS_FILE"]))
grown = most("WINDOW") - most("REFERENCE")
status = "alarm" if grown > float(os.environ["SCANFLOW_PARAM_MOST"]) and params["most"] == 5 else "ok"
print(json.dumps({"status": status, "kind": "age", "message": f"The oldest is {grown:.0f} years older.", "columns": ["age"]}))
`;

test.each([
  ["TypeScript", { ...data, "oldest.ts": typescript }, "oldest.ts"],
  ["Python, which prints its verdict", { ...data, "oldest.py": python }, "python3 oldest.py"],
])("a checker in %s judges the window by the reference and its params", async (_, files, check) => {
  const { report } = await judge(folderWith(files), check, { params: { most: 5 } });
  expect(report.verdict).toEqual({
    status: "alarm",
    kind: "age",
    message: "The oldest is 87 years older.",
    columns: ["age"],
  });
  expect(report.checks.map(({ name }) => name)).toEqual(["mine"]);
});

test("a command gets params in variables by the node contract; one too long for a variable stands in the file alone", async () => {
  const params = { "most-rows": 5, list: [1, "a"], long: "x".repeat(200_000) };
  const command = `node -e '
    const { long } = JSON.parse(require("node:fs").readFileSync(process.env.SCANFLOW_PARAMS_FILE, "utf8"));
    const { SCANFLOW_PARAM_MOST_ROWS: rows, SCANFLOW_PARAM_LIST: list, SCANFLOW_PARAM_LONG } = process.env;
    const message = [rows, list, long.length, typeof SCANFLOW_PARAM_LONG].join(" ");
    console.log(JSON.stringify({ status: "ok", kind: "x", message }));'`;
  const { report } = await judge(folderWith(data), command, { params });
  expect(report.verdict.message).toBe('5 [1,"a"] 200000 undefined');
});

test("a command may write its verdict to the output, and print whatever it likes", async () => {
  const command = `echo progress; echo '{"status":"ok","kind":"x","message":"Fine."}' > "$SCANFLOW_OUTPUT_VERDICT"`;
  expect((await judge(folderWith(data), command)).report.verdict.status).toBe("ok");
  const printed = `echo loading; echo '{"status":"ok","kind":"y","message":"Fine."}'`;
  expect((await judge(folderWith(data), printed)).report.verdict.kind).toBe("y");
});

describe("what a checker does wrong is told with what to do", () => {
  const hang = "export default () => { for (;;); }";
  test.each([
    ["prints no JSON", {}, "echo all is well", "VERDICT_INVALID", /is not JSON/],
    ["prints nothing", {}, "true && true", "PLUGIN_FAILED", /gave no verdict.*SCANFLOW_OUTPUT_VERDICT/],
    ["crashes", {}, "echo oh no >&2; exit 3", "PLUGIN_FAILED", /ended with 3:\noh no\n/],
    ["hangs", {}, "sleep 60; true", "PLUGIN_FAILED", /took longer than 0.6 s.*--timeout/],
    [
      "invents a status",
      {},
      `echo '{"status":"fine","kind":"x","message":"m"}'`,
      "VERDICT_INVALID",
      /"status" is "fine"/,
    ],
    [
      "is a module without a function",
      { "c.ts": "export const x = 1;" },
      "c.ts",
      "PLUGIN_FAILED",
      /exports x\. Write: export default/,
    ],
    [
      "is a module that throws",
      { "c.ts": `export default () => { throw new Error("oh no"); }` },
      "c.ts",
      "PLUGIN_FAILED",
      /c\.ts threw Error: oh no \(at 1:\d+\)\. Correct it/,
    ],
    ["is a module that hangs", { "c.ts": hang }, "c.ts", "PLUGIN_FAILED", /c\.ts took longer than 0.6 s/],
    [
      "is a module that exits",
      { "c.ts": "export default () => process.exit(4)" },
      "c.ts",
      "PLUGIN_FAILED",
      /called process\.exit\(4\)/,
    ],
    [
      "is a module that answers nothing",
      { "c.ts": "export default () => {}" },
      "c.ts",
      "VERDICT_INVALID",
      /not JSON/,
    ],
    [
      "is a module with a fault in it",
      { "c.ts": "export default (" },
      "c.ts",
      "PLUGIN_FAILED",
      /c\.ts threw/,
    ],
    ["is a module that is not there", {}, "d.ts", "CHECK_UNKNOWN", /no such file/],
    ["is no checker at all", {}, "drifd", "CHECK_UNKNOWN", /Did you mean "drift"/],
  ])("one that %s", async (what, files, check, code, message) => {
    const timeoutMs = what.endsWith("hangs") ? 600 : 20_000;
    const judged = judge(folderWith({ ...data, ...files }), check, { timeoutMs });
    await expect(judged).rejects.toThrow(message);
    await expect(judged).rejects.toMatchObject({ code: `SCANFLOW_${code}` });
  });
});
