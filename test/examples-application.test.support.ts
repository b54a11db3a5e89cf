import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { parseVerdict, type Verdict } from "@scanflow/checks";
import { connect } from "scanflow/server";
import { root } from "./house/sources.ts";

/** Python environments take minutes to build, and are found again here by the next run of the tests. */
const ENVIRONMENTS = join(root, "test/.tmp/environments");

/** How a command of the CLI ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TaskLine {
  readonly name: string;
  readonly status: string;
  readonly cached: boolean;
  readonly attempts: number;
  readonly durationMs: number;
}

/** The last line of `scanflow run --json`. */
export interface Finished {
  readonly event: "run-finished";
  readonly run: string;
  readonly status: string;
  readonly tasks: readonly TaskLine[];
}

interface Shown {
  readonly tasks: readonly {
    readonly id: string;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
  }[];
}

/** A copy of an example inside the workspace, so that it finds `scanflow`, and the real CLI run in it. */
export class ExampleCopy {
  readonly example: string;
  readonly folder: string;
  #shown: Promise<Shown> | undefined;

  constructor(example: string) {
    const parent = join(root, "test/.tmp");
    mkdirSync(parent, { recursive: true });
    this.example = example;
    this.folder = mkdtempSync(join(parent, `${basename(example)}-`));
    cpSync(join(root, "examples", example), this.folder, {
      recursive: true,
      filter: (path) => ![".scanflow", "__pycache__"].includes(basename(path)),
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /** Runs `scanflow …` in the copy. */
  scanflow(...args: readonly string[]): Promise<Ended> {
    return this.scanflowWith({}, ...args);
  }

  /** The same, with variables of the environment. */
  scanflowWith(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
    if (args.includes("run")) this.#shown = undefined;
    const bin = join(root, "packages/scanflow/bin/scanflow.js");
    const child = spawn(process.execPath, [bin, "-C", this.folder, ...args], {
      env: { SCANFLOW_CACHE_DIR: ENVIRONMENTS, ...process.env, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.on("error", reject).on("close", (code) => resolve({ code, ...output }));
    });
  }

  /** Runs a workflow with `--json` and gives its last line. */
  async run(...args: string[]): Promise<Finished> {
    const { code, stdout, stderr } = await this.scanflow("run", "--json", ...args);
    const last = stdout.trimEnd().split("\n").at(-1) ?? "";
    if (code !== 0) throw new Error(`scanflow run ended with ${code}\n${last}\n${stderr}`);
    return JSON.parse(last);
  }

  /** The JSON document that a command prints. */
  async document<Document>(...args: string[]): Promise<Document> {
    const { code, stdout, stderr } = await this.scanflow(...args, "--json");
    if (code !== 0) throw new Error(`scanflow ${args.join(" ")} ended with ${code}\n${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  /** Where an output of the newest run lies in the artifact store: a file. */
  async output(task: string, output: string): Promise<string> {
    this.#shown ??= this.document<Shown>("show", "latest");
    const { tasks } = await this.#shown;
    const digest = tasks.find(({ id }) => id === task)?.outputs[output]?.digest ?? "";
    const folder = join(this.folder, ".scanflow/artifacts");
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .find(
        (path) => path.replaceAll("/", "").endsWith(digest.replace("sha256:", "")) && statSync(path).isFile(),
      );
    if (digest === "" || found === undefined) throw new Error(`${task} has no output "${output}"`);
    return found;
  }

  /** The verdict of a checker in the newest run. */
  async verdict(task: string): Promise<Verdict> {
    return parseVerdict(readFileSync(await this.output(task, "verdict"), "utf8"));
  }

  /** Owns the folder for a while, so that its tracker can be asked. */
  async withTracker<T>(ask: (mlflow: MlflowRest) => Promise<T>): Promise<T> {
    const { owner, close } = await connect(this.folder, { listen: true });
    try {
      return await ask(new MlflowRest(owner?.rooms.url() ?? ""));
    } finally {
      await close();
    }
  }
}

/** Tasks by how they came to their end. */
export function tasksBy({ tasks }: Finished) {
  const names = (wanted: (task: TaskLine) => boolean) =>
    tasks
      .filter(wanted)
      .map(({ name }) => name)
      .sort();
  return {
    cached: names(({ cached }) => cached),
    worked: names(({ cached, status }) => status === "succeeded" && !cached),
    skipped: names(({ status }) => status === "skipped"),
    failed: names(({ status }) => status === "failed"),
  };
}

export interface TrackedRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly parent: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

type Pairs<Value> = readonly { readonly key: string; readonly value: Value }[];

/** A tracker, asked as an MLflow client would. */
export class MlflowRest {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async get<Answer>(route: string, query: Record<string, string> = {}): Promise<Answer> {
    return this.#answer<Answer>(fetch(`${this.url}/api/2.0/mlflow/${route}?${new URLSearchParams(query)}`));
  }

  async post<Answer>(route: string, body: object): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return this.#answer<Answer>(fetch(`${this.url}/api/2.0/mlflow/${route}`, init));
  }

  /** Every run of every experiment. */
  async runs(): Promise<TrackedRun[]> {
    const { experiments = [] } = await this.get<{ experiments?: { experiment_id: string }[] }>(
      "experiments/search",
      { max_results: "100" },
    );
    const experiment_ids = experiments.map((one) => one.experiment_id);
    const { runs = [] } = await this.post<{ runs?: WireRun[] }>("runs/search", {
      experiment_ids,
      max_results: 1000,
    });
    return runs.map(tracked);
  }

  async #answer<Answer>(response: Promise<Response>): Promise<Answer> {
    const answer = await response;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return JSON.parse(text);
  }
}

function tracked({ info, data = {} }: WireRun): TrackedRun {
  const tags = values(data.tags);
  return {
    id: info.run_id,
    name: info.run_name,
    status: info.status,
    parent: tags["mlflow.parentRunId"],
    tags,
    params: values(data.params),
    metrics: values(data.metrics),
  };
}

interface WireRun {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string };
  readonly data?: {
    readonly tags?: Pairs<string>;
    readonly params?: Pairs<string>;
    readonly metrics?: Pairs<number>;
  };
}

function values<Value>(pairs: Pairs<Value> = []): Record<string, Value> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
