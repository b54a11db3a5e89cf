import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateFolder, takeLock } from "scanflow/engine";
import { type Owner, openOwner } from "scanflow/server";
import { inProcess, line, median, ratio } from "../measure.ts";

const image = process.env.BENCH_IMAGE ?? "debian:bookworm-slim";
const tasks = 10;
const pairs = 7;

/**
 * What a task costs in a container, with all that the engine does for it, against `docker run --rm` called once for each
 * from a loop in a shell. Both start one container after the other; the command is `true`.
 */
export async function run(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "scanflow-bench-"));
  const lock = takeLock(stateFolder(root).lock);
  if (!lock) throw new Error(`${root} is owned already`);
  await chmod(root, 0o755);
  await writeFile(join(root, "scanflow.yaml"), application());
  const owner = await openOwner(root, lock, { listen: true, on: "docker", capacity: { cpu: 1 } });
  try {
    line(`${tasks} tasks that do nothing, one after the other; medians of ${pairs} pairs`);
    await subject(owner);
    await floor();
    const ours: number[] = [];
    const bare: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      bare.push(await floor());
      ours.push(await subject(owner));
    }
    line(`docker run --rm          ${perTask(bare)} ms a task`);
    line(`scanflow run --on docker ${perTask(ours)} ms a task`);
    line(`ratio                    ${ratio(ours, bare)}`);
  } finally {
    await owner.close();
    await rm(root, { recursive: true, force: true });
  }
}

function perTask(times: readonly number[]): string {
  return (median(times) / tasks).toFixed(0).padStart(5);
}

function application(): string {
  const nodes = Array.from({ length: tasks }, (_, at) => `      t${at}: { run: ["true"], cache: false }`);
  return `application: bench
main: many
workflows:
  many:
    defaults: { environment: { image: "${image}" } }
    nodes:
${nodes.join("\n")}
`;
}

async function subject({ client }: Owner): Promise<number> {
  const start = performance.now();
  const { run } = await client.runs.start({ workflow: "many", params: {}, cache: false });
  for await (const _ of client.runs.watch({ run, lines: false, until: "end" }));
  const wallMs = performance.now() - start;
  const { status } = await client.runs.show({ run });
  if (status !== "succeeded") throw new Error(`run ${run} ${status}`);
  return wallMs;
}

async function floor(): Promise<number> {
  const { wallMs } = await inProcess<{ wallMs: number }>(new URL("./floor.ts", import.meta.url), [
    image,
    String(tasks),
  ]);
  return wallMs;
}
