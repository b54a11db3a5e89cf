import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGraph, modelOf, writeOnnx } from "@scanflow/checks/onnx";
import { afterAll, describe, expect, test } from "vitest";
import trees from "../packages/checks/src/explain/tree/fixtures/lightgbm.json" with { type: "json" };
import pandas from "../packages/checks/src/explain/tree/fixtures/pandas.json" with { type: "json" };
import { scanflow } from "./cli.test.support.ts";
import { root } from "./house/sources.ts";

mkdirSync(join(root, "test/.tmp"), { recursive: true });
const folder = mkdtempSync(join(root, "test/.tmp/explain-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sample = trees.cases.find(({ name }) => name === "regression");
const rows = sample?.rows ?? [];
const csv = (names: readonly string[], table: readonly (readonly unknown[])[]) =>
  `${[names, ...table].map((cells) => cells.join(",")).join("\n")}\n`;
writeFileSync(join(folder, "model.txt"), sample?.model ?? "");
const features = Array.from({ length: 5 }, (_, at) => `Column_${at}`);
// In another order, and with a column that the model does not know.
writeFileSync(
  join(folder, "data.csv"),
  csv(
    [...features.toReversed(), "other"],
    rows.map((row) => [...row.toReversed(), 1]),
  ),
);
writeFileSync(join(folder, "narrow.csv"), csv(["a", "b"], [[1, 2]]));

/** 3 a − b, as a network of ONNX. */
function linear(): Uint8Array {
  const graph = createGraph();
  const x = graph.input("x", ["rows", 2]);
  graph.output("y", graph.op("MatMul", [x, graph.constant(Float32Array.of(3, -1), [2, 1])]), ["rows", 1]);
  return writeOnnx(modelOf(graph.finish("linear")));
}
writeFileSync(join(folder, "linear.onnx"), linear());
writeFileSync(
  join(folder, "pairs.csv"),
  csv(
    ["a", "b"],
    Array.from({ length: 10 }, (_, at) => [at, at % 2]),
  ),
);

async function explained(...args: readonly string[]) {
  const { code, stdout, stderr } = await scanflow(folder, ["explain", ...args, "--json"]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("scanflow explain", () => {
  test("says why a row got its answer, with LightGBM's own contributions, whatever the columns' order", async () => {
    const { method, row } = await explained("model.txt", "--data", "data.csv", "--row", "3");
    const [wanted = []] = sample?.contributions[3] ?? [];
    expect(method).toBe("tree-path-dependent");
    expect(row.base).toBeCloseTo(wanted.at(-1) ?? 0, 10);
    expect(row.answer).toBeCloseTo(sample?.raw[3]?.[0] ?? 0, 10);
    for (const { feature, contribution, value } of row.contributions) {
      const at = features.indexOf(feature);
      expect(contribution).toBeCloseTo(wanted[at] ?? 0, 10);
      expect(value).toBe(rows[3]?.[at]);
    }
  });

  test("takes texts for the categories of pandas, and shows them", async () => {
    const names = ["age", "city", "unused", "member", "size"] as const;
    const table = Array.from({ length: 12 }, (_, at) => names.map((name) => pandas.columns[name][at] ?? ""));
    writeFileSync(join(folder, "pandas.txt"), pandas.model);
    writeFileSync(join(folder, "pandas.csv"), csv(names, table));
    const { row } = await explained("pandas.txt", "--data", "pandas.csv", "--row", "1");
    const city = row.contributions.find(({ feature }: { feature: string }) => feature === "city");
    expect(city.value).toBe(pandas.columns.city[1]);
    expect(city.contribution).toBeCloseTo(pandas.contributions[1]?.[1] ?? 0, 10);
  });

  test("says what a model rests on, and draws it", async () => {
    const { code, stdout } = await scanflow(folder, [
      "explain",
      "model.txt",
      "--data",
      "data.csv",
      "--out",
      "page.html",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^What the answers rest on: .* over 15 rows \(exact.*\n.*\nColumn_0 +[\d.]+ +█{24}\n/,
    );
    const page = readFileSync(join(folder, "page.html"), "utf8");
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).toContain("Column_0");
  });

  test("explains any network by ONNX Runtime: of 3 a − b each feature by its weight", async () => {
    const { method, row, importance } = await explained("linear.onnx", "--data", "pairs.csv", "--row", "9");
    expect(method).toBe("kernel");
    // The background is the data: the mean of a is 4.5, of b .5.
    expect(row.contributions).toEqual([
      { feature: "a", value: 9, contribution: expect.closeTo(13.5, 4) },
      { feature: "b", value: 1, contribution: expect.closeTo(-0.5, 4) },
    ]);
    expect(importance[0]).toEqual({ feature: "a", importance: expect.closeTo(13.5, 4) });
  });

  test.each([
    [["model.txt"], /SCANFLOW_USAGE: Nothing is named to explain the model on/],
    [["gone.txt", "--data", "data.csv"], /SCANFLOW_EXPLAIN_MODEL: .*gone.txt" is not there/],
    [
      ["model.txt", "--data", "narrow.csv"],
      /SCANFLOW_EXPLAIN_COLUMNS: .* 2 columns of numbers, and the model takes 5/,
    ],
    [["model.txt", "--data", "data.csv", "--row", "15"], /SCANFLOW_EXPLAIN_ROW: .*from 0 to 14/],
    [["data.csv", "--data", "data.csv"], /SCANFLOW_ONNX_INVALID/],
    [["model.txt", "--data", "data.csv", "--out", "page.pdf"], /ends in \.svg or \.html/],
  ])("%j is refused with what to do", async (args, message) => {
    const { code, stderr } = await scanflow(folder, ["explain", ...args]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});
