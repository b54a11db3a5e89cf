import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Cost, inProcess, line, measure, median, ratio } from "../measure.ts";

const subjectModule = new URL("./subject.ts", import.meta.url);
const floorModule = new URL("./floor.ts", import.meta.url);

interface SubjectCost extends Cost {
  readonly parseMs: number;
  readonly planMs: number;
}

const concurrency = cpus().length;

function subject(...args: readonly (string | number)[]): Promise<SubjectCost> {
  return inProcess<SubjectCost>(subjectModule, args.map(String));
}

function floor(count: number, atOnce: number): Promise<Cost> {
  return inProcess<Cost>(floorModule, [String(count), String(atOnce)]);
}

const ms = (value: number) => `${value.toFixed(0)} ms`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** The same commands under the engine and under nothing, in interleaved pairs. */
async function against(
  title: string,
  name: string,
  count: number,
  atOnce: number,
  pairs: number,
): Promise<void> {
  const ours: Cost[] = [];
  const bare: Cost[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    bare.push(await floor(count, atOnce));
    ours.push(await subject(name, count, atOnce));
  }
  const of = (costs: readonly Cost[], key: keyof Cost) => costs.map((cost) => cost[key]);
  line(`${title} (${pairs} pairs, ${atOnce} at once)`);
  line(
    `  wall  engine ${ms(median(of(ours, "wallMs")))}, floor ${ms(median(of(bare, "wallMs")))}, ratio ${ratio(of(ours, "wallMs"), of(bare, "wallMs"))}`,
  );
  line(
    `  cpu   engine ${ms(median(of(ours, "cpuMs")))}, floor ${ms(median(of(bare, "cpuMs")))}, ratio ${ratio(of(ours, "cpuMs"), of(bare, "cpuMs"))}`,
  );
  line(
    `  peak  engine ${megabytes(median(of(ours, "peakBytes")))}, floor ${megabytes(median(of(bare, "peakBytes")))}`,
  );
}

async function helpTime(pairs: number): Promise<void> {
  const bin = join(import.meta.dirname, "../../packages/scanflow/dist/cli/main.js");
  if (!existsSync(bin)) throw new Error("the package is not built: npm run build");
  const code = `const { main } = await import(${JSON.stringify(pathToFileURL(bin).href)}); await main(["--help"]);`;
  const run = async (args: readonly string[]) => {
    const cost = await measure(
      () =>
        new Promise<void>((resolve, reject) => {
          const child = spawn(process.execPath, args, { stdio: "ignore" });
          child.on("error", reject);
          child.on("close", () => resolve());
        }),
    );
    return cost.wallMs;
  };
  const help: number[] = [];
  const empty: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    empty.push(await run(["-e", "0"]));
    help.push(await run(["--input-type=module", "-e", code]));
  }
  line(`scanflow --help of the build (${pairs} pairs)`);
  line(`  wall  ${ms(median(help))}, node -e 0 ${ms(median(empty))}, ratio ${ratio(help, empty)} (aim 2.5)`);
}

/** `npm run bench -- engine [pairs]`: what the engine costs beside a floor that only spawns. */
export async function run(): Promise<void> {
  const pairs = Number(process.argv[3] ?? 5);
  line(`node ${process.versions.node}, ${concurrency} cores, from the build`);
  await against("40 × true in a chain", "chain", 40, 1, pairs);
  await against("1,000 × true in parallel (aim: cpu ratio 1.5)", "parallel", 1000, concurrency, pairs);
  const functions = await Promise.all([subject("functions", 5000, concurrency)]);
  for (let again = 1; again < pairs; again++) functions.push(await subject("functions", 5000, concurrency));
  const rate = median(functions.map(({ wallMs }) => 5000 / (wallMs / 1000)));
  line(
    `5,000 function tasks, journaled: ${rate.toFixed(0)} a second (aim 2,000), peak ${megabytes(median(functions.map(({ peakBytes }) => peakBytes)))} (aim 300 MB)`,
  );
  const cached = await subject("functions", 1000, concurrency, "again");
  line(`1,000 cached tasks decided in ${ms(cached.wallMs)} (aim 1,000 ms)`);
  const graph = await subject("graph", 10_000, concurrency);
  line(
    `10,000-node graph: checked in ${ms(graph.parseMs)}, planned in ${ms(graph.planMs)} (aim 1,000 ms), run in ${ms(graph.wallMs)}, cpu ${ms(graph.cpuMs)}, peak ${megabytes(graph.peakBytes)} (aim 300 MB)`,
  );
  await helpTime(15);
}
