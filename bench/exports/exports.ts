import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Cost, line, measure, median } from "../measure.ts";

const execute = promisify(execFile);
const scanflow = new URL("../../packages/scanflow/bin/scanflow.js", import.meta.url).pathname;

const targets = ["compose", "stack", "kubernetes", "argo"];
const chains = 100;
const length = 10;
const rounds = 7;

/**
 * `scanflow export` of a workflow of 1,000 nodes in chains of ten, a process each time and written into a new folder,
 * beside Node that does nothing and `scanflow --help`; one of each in every round.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-bench-export-"));
  try {
    await writeFile(join(folder, "scanflow.yaml"), application());
    const subjects = new Map<string, () => Promise<unknown>>([
      ["node -e 0", () => execute(process.execPath, ["-e", "0"])],
      ["scanflow --help", () => execute(process.execPath, [scanflow, "--help"])],
      ...targets.map((target) => [`scanflow export ${target}`, () => exportTo(folder, target)] as const),
    ]);
    const costs = new Map<string, Cost[]>([...subjects.keys()].map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, work] of subjects) {
        await rm(join(folder, "out"), { recursive: true, force: true });
        const cost = await measure(async () => void (await work()));
        costs.get(name)?.push(cost);
      }
    }
    line(`export of ${chains * length} nodes in chains of ${length}, medians of ${rounds} rounds`);
    for (const [name, all] of costs) line(`  ${name.padEnd(27)} ${shown(all)}`);
    for (const target of targets) {
      await exportTo(folder, target);
      line(`  ${target.padEnd(27)} largest file ${await largest(join(folder, "out", target))} kB`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function shown(costs: readonly Cost[]): string {
  const wall = costs.map(({ wallMs }) => wallMs);
  const spread = `(${Math.min(...wall).toFixed(0)}–${Math.max(...wall).toFixed(0)})`;
  const cpu = median(costs.map(({ cpuMs }) => cpuMs));
  return `${median(wall).toFixed(0).padStart(5)} ms ${spread}, of the processor ${cpu.toFixed(0)} ms`;
}

async function exportTo(folder: string, target: string): Promise<void> {
  await execute(process.execPath, [scanflow, "-C", folder, "export", target, "--out", `out/${target}`]);
}

async function largest(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return (Math.max(...sizes) / 1000).toFixed(0);
}

/** Each node has a file of the one before it; its command and its params are its own. */
function application(): string {
  const nodes = Array.from({ length: chains * length }, (_, at) => {
    const inputs = at % length === 0 ? "" : `, inputs: { from: t${at - 1}.out }`;
    const run = `[python, step.py, --rate, "{{params.rate}}"]`;
    return `      t${at}: { run: ${run}, params: { rate: 0.${at + 1}, name: "task ${at}" }, outputs: { out: out.txt }${inputs} }`;
  });
  return `application: bench
workflows:
  many:
    defaults: { environment: { image: "python:3.13-slim-bookworm" } }
    nodes:
${nodes.join("\n")}
`;
}
