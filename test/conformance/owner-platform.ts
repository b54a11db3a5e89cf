import { chmod, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunDetail } from "scanflow/api";
import { stateFolder, takeLock } from "scanflow/engine";
import { type Owner, type OwnerOptions, openOwner } from "scanflow/server";
import { applicationOf, type Defaults } from "./application.ts";
import type { Case, Content, Ended, EndedTask } from "./case.ts";
import { contentAt } from "./content-at.ts";
import type { Host } from "./platform.ts";
import { provideSecrets } from "./secrets.ts";

const files = fileURLToPath(new URL("files", import.meta.url));

/** Contents of at most so many bytes are compared as text, others by their digest. */
const longestText = 64 * 1024;

export interface OwnerHostOptions extends Partial<OwnerOptions> {
  readonly defaults?: Defaults;
}

/** A place where the engine's own runner starts each task: one owner runs all cases beside each other. */
export async function openOwnerHost(
  cases: readonly Case[],
  { defaults, ...options }: OwnerHostOptions = {},
): Promise<Host> {
  const root = await mkdtemp(join(tmpdir(), "scanflow-conformance-"));
  await cp(files, root, { recursive: true });
  // Containers run as somebody else.
  await chmod(root, 0o755);
  await writeFile(join(root, "scanflow.yaml"), JSON.stringify(applicationOf(cases, defaults)));
  const lock = takeLock(stateFolder(root).lock);
  if (!lock) throw new Error(`${root} is owned already`);
  const forget = provideSecrets();
  // The cases are tiny: what keeps them from running beside each other is not the processor.
  const owner = await openOwner(root, lock, { listen: true, capacity: { cpu: 8 }, ...options });
  return {
    run: (one) => runCase(owner, one),
    async close() {
      await owner.close();
      forget();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function runCase(owner: Owner, { name, params = {}, answers = {} }: Case): Promise<Ended> {
  // Of tasks that are alike none may take the work of another.
  const { run } = await owner.client.runs.start({ workflow: name, params, cache: false });
  for await (const message of owner.client.runs.watch({ run, lines: false, until: "end" })) {
    if (message.kind !== "event" || message.event.event !== "approval-requested") continue;
    const { task } = message.event;
    await owner.client.runs.decide({ run, task, approved: answers[task] ?? false, by: "a person" });
  }
  return endOf(owner, await owner.client.runs.show({ run }));
}

/** How the newest run of a folder ended, whose state an owner elsewhere has left there. */
export async function endIn(root: string): Promise<Ended> {
  const lock = takeLock(stateFolder(root).lock);
  if (!lock) throw new Error(`${root} is owned already`);
  const owner = await openOwner(root, lock, { listen: false });
  try {
    const [newest] = await owner.client.runs.list({ limit: 1 });
    if (!newest) throw new Error(`${root} has no run`);
    return await endOf(owner, await owner.client.runs.show({ run: newest.run }));
  } finally {
    await owner.close();
  }
}

const CONTROL = ["choice", "entry", "map"];

async function endOf(owner: Owner, detail: RunDetail): Promise<Ended> {
  const work = detail.tasks.filter(({ kind }) => !CONTROL.includes(kind));
  const tasks = work.map(async (task): Promise<[string, EndedTask]> => {
    const { status, attempts, result, startedAt, endedAt } = task;
    const outputs = await contentsOf(owner, task.outputs);
    return [task.id, { status, attempts, result, startedAt, endedAt, outputs }];
  });
  return { run: detail.status, tasks: Object.fromEntries(await Promise.all(tasks)) };
}

async function contentsOf({ rooms }: Owner, outputs: RunDetail["tasks"][number]["outputs"]) {
  const contents = Object.entries(outputs).map(
    async ([name, { digest, size }]): Promise<[string, Content]> => {
      if ((size ?? 0) > longestText) return [name, { digest }];
      const folder = await mkdtemp(join(tmpdir(), "scanflow-content-"));
      await rooms.artifacts.materialise(digest, join(folder, "it"));
      const content = await contentAt(join(folder, "it"));
      await rm(folder, { recursive: true, force: true });
      return [name, content];
    },
  );
  return Object.fromEntries(await Promise.all(contents));
}
