import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Attributions, readLightgbm, treeShap } from "@scanflow/checks/explain";
import { line, median, ratio } from "../measure.ts";
import { pythonWith } from "../python-environment.ts";

const TREES = 100;
const DEPTH = 8;
const ROWS = 1_000;
const FEATURES = 20;
const PAIRS = 5;

interface Answer {
  readonly seconds: number;
  readonly sum: number;
}

/** Tree SHAP beside shap's C++ and LightGBM's, all on one thread, in interleaved pairs in one run. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-bench-tree-shap-"));
  const python = await pythonWith("shap", ["lightgbm==4.7.0", "shap==0.51.0"]);
  const script = new URL("./tree_shap.py", import.meta.url).pathname;
  const peer = spawn(python, [script, folder, `${TREES}`, `${DEPTH}`, `${ROWS}`], {
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const answers = createInterface(peer.stdout)[Symbol.asyncIterator]();
    await answers.next();
    const ask = async (what: string): Promise<Answer> => {
      peer.stdin.write(`${what}\n`);
      return JSON.parse((await answers.next()).value ?? "");
    };
    const model = readLightgbm(readFileSync(join(folder, "model.txt"), "utf8"));
    const rows = matrixFrom(join(folder, "rows.bin"));
    const background = matrixFrom(join(folder, "background.bin"));
    const few = { ...rows, rows: 100, values: rows.values.subarray(0, 100 * FEATURES) };
    line(`${ROWS} rows, ${TREES} trees of depth ${DEPTH}, ${FEATURES} features, one thread, ${PAIRS} pairs`);
    const pathDependent = () => treeShap(model, rows);
    await against("path-dependent, shap's C++", () => ask("shap"), pathDependent);
    await against("path-dependent, LightGBM's C++", () => ask("lightgbm"), pathDependent);
    await against(
      "interventional, 100 rows × 100, shap's C++",
      () => ask("interventional"),
      () => treeShap(model, few, { background }),
    );
  } finally {
    peer.stdin.end();
    rmSync(folder, { recursive: true });
  }
}

async function against(
  title: string,
  theirs: () => Promise<Answer>,
  ours: () => Attributions,
): Promise<void> {
  const [mine, peer]: [number[], number[]] = [[], []];
  let difference = 0;
  ours();
  await theirs();
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const { seconds, sum } = await theirs();
    peer.push(seconds);
    const start = performance.now();
    const { values } = ours();
    mine.push((performance.now() - start) / 1_000);
    const own = (values[0]?.values ?? new Float64Array(0)).reduce(
      (total, value) => total + Math.abs(value),
      0,
    );
    difference = Math.max(difference, Math.abs(own / sum - 1));
  }
  line(
    `  ${title}: ours ${median(mine).toFixed(2)} s, theirs ${median(peer).toFixed(2)} s, ratio ${ratio(mine, peer)}; ` +
      `sums differ by ${difference.toExponential(0)}`,
  );
}

function matrixFrom(path: string) {
  const bytes = readFileSync(path);
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { rows: values.length / FEATURES, columns: FEATURES, values };
}
