import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { findPostgres, startCluster } from "../../packages/tracking/src/store/postgres/cluster.support.ts";
import { line, median, ratio } from "../measure.ts";
import {
  byMetric,
  byText,
  createRunTimes,
  historyCost,
  inTextOrder,
  logBatchRate,
  logMetricTimes,
  quantile,
  searchTimes,
  transferCost,
} from "./loads.ts";
import { makeMlflowTables, mlflowBin } from "./mlflow-environment.ts";
import { fillMlflow, fillOurs } from "./sample-runs.ts";
import { type Server, startFloor, startMlflow, startOurs } from "./servers.ts";

interface Sizes {
  readonly metrics: number;
  readonly batches: number;
  readonly searches: number;
  /** Runs of our database while it is searched, one after the other. */
  readonly runs: readonly number[];
  /** Runs of our database in PostgreSQL. */
  readonly postgresRuns: number;
  readonly points: number;
  readonly transferBytes: number;
}

const short: Sizes = {
  metrics: 300,
  batches: 100,
  searches: 60,
  runs: [20_000],
  postgresRuns: 5000,
  points: 50_000,
  transferBytes: 1 << 28,
};
const long: Sizes = {
  metrics: 2000,
  batches: 300,
  searches: 200,
  runs: [20_000, 100_000, 1_000_000],
  postgresRuns: 100_000,
  points: 1_000_000,
  transferBytes: 1 << 30,
};
const mlflowRuns = 20_000;
const rounds = 5;

const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const times = (a: number, b: number) => `${(a / b).toFixed(2)}×`;
const halves = (values: readonly number[], part: number) =>
  `p50 ${ms(quantile(values, 0.5))}, p${part * 100} ${ms(quantile(values, part))}`;

/**
 * `npm run bench -- tracking [long] [RUNS]`: our server beside a stock one and beside a floor. The short form takes some
 * two minutes, the long one, which searches a million runs, 15 to 30; RUNS adds one more size.
 */
export async function run(): Promise<void> {
  const [form = "short", more] = process.argv.slice(3);
  const sizes = form === "long" ? long : short;
  const runs = more === undefined ? sizes.runs : [...sizes.runs, Number(more)];
  const root = mkdtempSync(join(tmpdir(), "scanflow-bench-tracking-"));
  const folder = (name: string) => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const servers: Server[] = [];
  try {
    line(`node ${process.versions.node}, ${cpus().length} cores; the built package, ${form}`);
    const bin = await mlflowBin();
    const theirs = folder("mlflow");
    await makeMlflowTables(bin, theirs);
    fillMlflow(join(theirs, "mlflow.db"), mlflowRuns);
    const ours = folder("scanflow");
    // The first start compiles, as the first command after an installation does.
    await (await startOurs(folder("first"))).kill("SIGTERM");
    const [us, them, floor] = [
      await startOurs(ours),
      await startMlflow(theirs, bin),
      await startFloor(folder("floor")),
    ];
    servers.push(us, them, floor);
    line(`cold start      scanflow ${ms(us.coldStartMs)} (aim 500 ms), mlflow ${ms(them.coldStartMs)}`);
    line(`idle memory     scanflow ${mb(us.memory())} (aim 160 MiB), mlflow ${mb(them.memory())}`);
    await compareWrites({ us, them, floor }, sizes);
    const history = { us: await historyCost(us, sizes.points), them: await historyCost(them, sizes.points) };
    line(
      `get-history     ${sizes.points} points: scanflow ${ms(history.us.ms)}, mlflow ${ms(history.them.ms)}, ${times(history.them.ms, history.us.ms)} faster`,
    );
    const moved = {
      us: await transferCost(us, sizes.transferBytes),
      them: await transferCost(them, sizes.transferBytes),
    };
    for (const [name, { upMs, downMs, rise }] of [
      ["scanflow", moved.us],
      ["mlflow", moved.them],
    ] as const) {
      line(
        `${mb(sizes.transferBytes)} file   ${name} up ${ms(upMs)}, down ${ms(downMs)}, memory +${mb(rise)}${name === "scanflow" ? " (aim 64 MiB)" : ""}`,
      );
    }
    await searchTimes(them, 4);
    const search = await searchTimes(them, Math.ceil(sizes.searches / 5));
    line(`search_runs     ${mlflowRuns} runs: mlflow ${halves(search, 0.95)}`);
    await us.kill("SIGTERM");
    servers.splice(0, 1);
    const theirP95 = quantile(search, 0.95);
    for (const [at, count] of runs.entries()) {
      const filled = folder(`filled-${count}`);
      await fillOurs({ location: join(filled, "t.db"), files: join(filled, "files") }, 0, count);
      const server = await startOurs(filled);
      servers.push(server);
      const found = await searchAll(server, `${count} runs`, sizes.searches);
      if (at === 0)
        line(`                beside mlflow ${times(theirP95, quantile(found, 0.95))} faster (p95)`);
      await server.kill("SIGTERM");
      servers.splice(servers.indexOf(server), 1);
    }
    await searchPostgres(folder("postgres"), sizes);
  } finally {
    for (const server of servers) await server.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  }
}

/** The searches of our server; gives the times of those by a metric. */
async function searchAll(server: Server, what: string, count: number): Promise<number[]> {
  const kinds = [
    ["metric, ordered", byMetric],
    ["param, tag, name", byText],
    ["order of param, tag", inTextOrder],
  ] as const;
  const all: number[][] = [];
  for (const [name, question] of kinds) {
    await searchTimes(server, 10, question);
    const found = await searchTimes(server, count, question);
    line(`search_runs     ${what}, ${name}: scanflow ${halves(found, 0.95)}, memory ${mb(server.memory())}`);
    all.push(found);
  }
  return all[0] ?? [];
}

/** The same on a fresh PostgreSQL server, where one is installed. */
async function searchPostgres(folder: string, { postgresRuns, searches }: Sizes): Promise<void> {
  const programs = findPostgres();
  if (programs === undefined) {
    line("search_runs     PostgreSQL is not installed: left out");
    return;
  }
  const cluster = await startCluster(programs);
  try {
    const location = cluster.url("postgres");
    await fillOurs({ location, files: join(folder, "files") }, 0, postgresRuns);
    const server = await startOurs(folder, location);
    try {
      await searchAll(server, `${postgresRuns} runs in PostgreSQL`, searches);
    } finally {
      await server.kill("SIGTERM");
    }
  } finally {
    await cluster.stop();
  }
}

/** In turns, so that what else the machine does meanwhile falls on all of them; each server warm. */
async function compareWrites(
  { us, them, floor }: Readonly<Record<"us" | "them" | "floor", Server>>,
  { metrics, batches }: Sizes,
): Promise<void> {
  for (const server of [us, floor]) {
    await logMetricTimes(server, metrics);
    await logBatchRate(server, 20, 1);
  }
  const single = await inTurns([us, floor], (server) => logMetricTimes(server, Math.ceil(metrics / rounds)));
  const stock = await logMetricTimes(them, Math.ceil(metrics / 5));
  const p50s = single.map((turns) => turns.map((values) => quantile(values, 0.5)));
  const [own = [], bare = []] = single.map((turns) => turns.flat());
  line(
    `log_metric      scanflow ${halves(own, 0.99)}; mlflow ${halves(stock, 0.99)}; floor ${halves(bare, 0.99)}; p50 ${ratio(p50s[0] ?? [], p50s[1] ?? [])} of the floor's (aim 3), ${times(quantile(stock, 0.5), quantile(own, 0.5))} faster than mlflow`,
  );
  for (const clients of [1, 4]) {
    const perRound = Math.ceil(batches / rounds);
    const [rates = [], most = []] = await inTurns([us, floor], (server) =>
      logBatchRate(server, perRound, clients),
    );
    const theirs = await logBatchRate(them, perRound, clients);
    const rows = (rate: number) => `${Math.round(rate).toLocaleString("en")} rows/s`;
    line(
      `log_batch ×${clients}    scanflow ${rows(median(rates))}, mlflow ${rows(theirs)}, floor ${rows(median(most))}; ${ratio(rates, most)} of the floor (aim 0.5), ${times(median(rates), theirs)} mlflow (aim 10)`,
    );
  }
  const made = await createRunTimes(us, metrics);
  const theirMade = await createRunTimes(them, Math.ceil(metrics / 5));
  line(
    `create_run      scanflow ${halves(made, 0.99)}; mlflow ${halves(theirMade, 0.99)}; ${times(quantile(theirMade, 0.5), quantile(made, 0.5))} faster`,
  );
}

/** The figures of each server, of all its turns. */
async function inTurns<T>(servers: readonly Server[], work: (server: Server) => Promise<T>): Promise<T[][]> {
  const figures = servers.map((): T[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, server] of servers.entries()) figures[at]?.push(await work(server));
  }
  return figures;
}
