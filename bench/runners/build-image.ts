import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Cost, line, measure, median, ratio } from "../measure.ts";

const execute = promisify(execFile);
const scanflow = new URL("../../packages/scanflow/bin/scanflow.js", import.meta.url).pathname;

const pairs = 7;
const files = 500;
const fileBytes = 10_000;
const base = process.env.SCANFLOW_BENCH_BASE ?? "debian:bookworm-slim";

/**
 * The same Dockerfile with the same context of 500 files, built by `scanflow build` and by `docker build` with the same
 * builder, each as a process of its own, in interleaved pairs; then once more, when there is nothing to do.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-bench-build-"));
  const name = `bench-${randomBytes(4).toString("hex")}`;
  try {
    await application(folder, name);
    const costs = { built: pairsOf(), again: pairsOf() };
    for (let pair = 0; pair < pairs; pair++) {
      await newDockerfile(folder, name);
      for (const kind of ["built", "again"] as const) {
        costs[kind].bare.push(await measure(() => bareBuild(folder, name)));
        // The bare build has left its layers: another Dockerfile, so that both build.
        if (kind === "built") await newDockerfile(folder, name);
        costs[kind].ours.push(await measure(() => ourBuild(folder)));
      }
    }
    line(`image build, ${files} files of ${fileBytes / 1000} kB, one RUN upon ${base} (${pairs} pairs)`);
    tell("built", costs.built);
    tell("nothing to build", costs.again);
  } finally {
    await removeImages(name);
    await rm(folder, { recursive: true, force: true });
  }
}

interface Pairs {
  readonly ours: Cost[];
  readonly bare: Cost[];
}

const pairsOf = (): Pairs => ({ ours: [], bare: [] });

function tell(title: string, { ours, bare }: Pairs): void {
  const of = (costs: readonly Cost[]) => costs.map(({ wallMs }) => wallMs);
  const shown = (costs: readonly Cost[]) => `${median(of(costs)).toFixed(0)} ms`;
  line(
    `  ${title.padEnd(17)} scanflow build ${shown(ours)}, docker build ${shown(bare)}, ratio ${ratio(of(ours), of(bare))}`,
  );
}

async function application(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, "context"));
  for (let at = 0; at < files; at++) {
    await writeFile(join(folder, "context", `${at}.bin`), randomBytes(fileBytes));
  }
  const environment = "{ dockerfile: context/Dockerfile, context: context }";
  await writeFile(
    join(folder, "scanflow.yaml"),
    `application: ${name}\nworkflows:\n  work:\n    nodes:\n      a: { run: "true", environment: ${environment} }\n`,
  );
}

function newDockerfile(folder: string, name: string): Promise<void> {
  const text = `FROM ${base}\nRUN echo ${name} ${randomBytes(8).toString("hex")}\nCOPY . /context\n`;
  return writeFile(join(folder, "context/Dockerfile"), text);
}

async function ourBuild(folder: string): Promise<void> {
  await execute(process.execPath, [scanflow, "-C", folder, "build", "--json"], { maxBuffer: 1 << 26 });
}

async function bareBuild(folder: string, name: string): Promise<void> {
  const labels = ["--label", `org.scanflow.application=${name}`];
  await execute("docker", ["build", "--quiet", "--tag", `${name}:bare`, ...labels, join(folder, "context")], {
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
    maxBuffer: 1 << 26,
  });
}

async function removeImages(name: string): Promise<void> {
  const filter = `label=org.scanflow.application=${name}`;
  const { stdout } = await execute("docker", ["images", "--quiet", "--filter", filter]);
  const ids = new Set(stdout.trim().split("\n").filter(Boolean));
  if (ids.size > 0) await execute("docker", ["image", "rm", "--force", ...ids]);
}
