import { hash } from "node:crypto";
import type { MlflowRest, TrackedRun } from "../examples-application.test.support.ts";

/** What `scanflow show --json` says of a run. */
export interface Shown {
  readonly run: string;
  readonly status: string;
  readonly tasks: readonly {
    readonly id: string;
    readonly status: string;
    readonly attempts: number;
    readonly result: unknown;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
  readonly models: readonly { readonly name: string; readonly version: number; readonly task: string }[];
}

/** What came of a run: all of it has to be the same wherever it is made. */
export interface Came {
  readonly status: string;
  readonly tasks: Readonly<Record<string, object>>;
  /** Digests by `task.output`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly models: readonly object[];
  /** The tracker's runs, by name. */
  readonly tracked: Readonly<Record<string, object>>;
}

/** Puts together what the engine and the tracker say of a run. */
export async function whatCame(shown: Shown, tracker: MlflowRest): Promise<Came> {
  const { run, status, tasks, models } = shown;
  const runs = (await tracker.runs()).map((one) => (one.name === run ? { ...one, name: "the run" } : one));
  const names = new Map(runs.map(({ id, name }) => [id, name]));
  const facts = async (one: TrackedRun) => ({
    ...{ status: one.status, parent: names.get(one.parent ?? ""), params: one.params },
    metrics: ofSteps(one.metrics),
    tags: without(one.tags, /^(scanflow|mlflow)\./),
    files: await filesOf(one.id, tracker),
  });
  return {
    status,
    tasks: Object.fromEntries(
      tasks.map(({ id, metrics, status: ended, attempts, result }) => [
        id,
        { ended, attempts, result, metrics: ofSteps(metrics) },
      ]),
    ),
    outputs: Object.fromEntries(
      tasks.flatMap(({ id, outputs }) =>
        Object.entries(outputs).map(([name, { digest }]) => [`${id}.${name}`, digest]),
      ),
    ),
    models: models.map(({ name, version, task }) => ({ name, version, task })),
    tracked: Object.fromEntries(await Promise.all(runs.map(async (one) => [one.name, await facts(one)]))),
  };
}

/** Without what was measured of the machine. */
function ofSteps(metrics: Readonly<Record<string, number>>) {
  return without(metrics, /^system\//);
}

function without<Value>(record: Readonly<Record<string, Value>>, names: RegExp) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.test(name)));
}

/** Digests of what a run logged, by path. */
async function filesOf(run: string, tracker: MlflowRest): Promise<Record<string, string>> {
  const list = async (path: string): Promise<string[]> => {
    const { files = [] } = await tracker.get<{ files?: { path: string; is_dir: boolean }[] }>(
      "artifacts/list",
      { run_id: run, ...(path !== "" && { path }) },
    );
    return (await Promise.all(files.map((one) => (one.is_dir ? list(one.path) : [one.path])))).flat();
  };
  const digests = (await list("")).map(async (path) => {
    const answer = await fetch(`${tracker.url}/get-artifact?${new URLSearchParams({ run_id: run, path })}`);
    if (!answer.ok) throw new Error(`${path} of the run ${run}: ${answer.status} ${await answer.text()}`);
    return [path, hash("sha256", sameEverywhere(path, Buffer.from(await answer.arrayBuffer())))];
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** A notebook that was run names the version of its interpreter: on this machine another one than in images. */
function sameEverywhere(path: string, content: Buffer): Buffer | string {
  if (!path.endsWith(".ipynb")) return content;
  return content.toString().replace(/("version": ")3\.\d+\.\d+"/, '$1of Python"');
}
