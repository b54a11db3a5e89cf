import { type ChildServer, type Launch, startTrack } from "./child-server.ts";
import { HttpClient } from "./http-client.ts";

const api = "/api/2.0/mlflow";
const pointsAtOnce = 10;
const pageSize = 25_000;

export interface SoakOptions {
  readonly launch: Launch;
  readonly writers: number;
  readonly readers: number;
  /** How long each life of the server is; it is killed at the end of all but the last. */
  readonly livesMs: readonly number[];
}

export interface SoakReport {
  /** Batches and single metrics that were answered 200. */
  readonly writes: number;
  readonly reads: number;
  /** Requests that met no server, or lost it while it was being killed; each write of these was sent again. */
  readonly refused: number;
  /** Everything that should not have been: other answers, lost or double points, stale reads. */
  readonly troubles: readonly string[];
}

/** Writers that log without pause and readers that search, over a server that is killed and started again. */
export async function soak({ launch, writers, readers, livesMs }: SoakOptions): Promise<SoakReport> {
  const first = await startTrack(launch, 0);
  const state = new SoakState(first.url);
  const runs = await Promise.all(Array.from({ length: writers }, () => state.newRun()));
  const work = [
    ...runs.map((run, at) => write(state, run, at)),
    ...Array.from({ length: readers }, (_, at) => read(state, runs, at)),
  ];
  const last = await live(state, first, { launch, livesMs });
  state.over = true;
  await Promise.all(work);
  for (const run of runs) await verify(state, run);
  last.signal("SIGTERM");
  const code = await last.ended;
  if (code !== 0) state.troubles.push(`the server ended with ${code}`);
  state.client.close();
  return state;
}

interface SoakRun {
  readonly runId: string;
  /** Points that were answered 200. */
  stored: number;
}

class SoakState implements SoakReport {
  writes = 0;
  reads = 0;
  refused = 0;
  readonly troubles: string[] = [];
  over = false;
  readonly client: HttpClient;
  /** Counts kills and starts: odd while there is no server. */
  #changes = 0;
  #back = Promise.withResolvers<void>();

  constructor(url: string) {
    this.client = new HttpClient(url);
  }

  down(): void {
    this.#changes++;
    this.#back = Promise.withResolvers();
  }

  up(): void {
    this.#changes++;
    this.#back.resolve();
  }

  async newRun(): Promise<SoakRun> {
    const answer = await this.client.post(`${api}/runs/create`, JSON.stringify({ experiment_id: "0" }));
    return { runId: JSON.parse(answer).run.info.run_id, stored: 0 };
  }

  /** Gives the answer; undefined when there was no server for it, after waiting for the next one. */
  async ask(request: () => Promise<string>): Promise<string | undefined> {
    const before = this.#changes;
    try {
      return await request();
    } catch (error) {
      const wasDown = before % 2 === 1 || this.#changes !== before;
      if (!("code" in (error as Error)) || !wasDown) {
        this.troubles.push(String(error));
        return undefined;
      }
      this.refused++;
      if (this.#changes % 2 === 1) await this.#back.promise;
      return undefined;
    }
  }
}

async function live(
  state: SoakState,
  first: ChildServer,
  { launch, livesMs }: Pick<SoakOptions, "launch" | "livesMs">,
): Promise<ChildServer> {
  const port = Number(new URL(first.url).port);
  let server = first;
  for (const [at, lifeMs] of livesMs.entries()) {
    if (at > 0) {
      state.down();
      server.signal("SIGKILL");
      await server.ended;
      server = await startTrack(launch, port);
      state.up();
    }
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
  }
  return server;
}

/** The value of a point follows from its step, so that a wrong one is seen. */
const valueAt = (step: number) => step * 0.5;
const pointAt = (step: number) => ({
  key: "loss",
  value: valueAt(step),
  timestamp: 1_700_000_000_000 + step,
  step,
});

/** Every third writer logs one by one; what was not answered is sent again as it was. */
async function write(state: SoakState, run: SoakRun, at: number): Promise<void> {
  const single = at % 3 === 0;
  const count = single ? 1 : pointsAtOnce;
  while (!state.over) {
    const points = Array.from({ length: count }, (_, i) => pointAt(run.stored + i));
    const [path, body] = single ? ["log-metric", points[0]] : ["log-batch", { metrics: points }];
    const text = JSON.stringify({ run_id: run.runId, ...body });
    const answer = await state.ask(() => state.client.post(`${api}/runs/${path}`, text));
    if (answer === undefined) continue;
    run.stored += count;
    state.writes++;
  }
}

/** What was stored before a question must be in its answer. */
async function read(state: SoakState, runs: readonly SoakRun[], at: number): Promise<void> {
  const search = JSON.stringify({
    experiment_ids: ["0"],
    filter: "metrics.loss >= 0",
    order_by: ["metrics.loss DESC"],
    max_results: 10,
  });
  for (let turn = at; !state.over; turn++) {
    const run = runs[turn % runs.length];
    if (!run) return;
    const stored = run.stored;
    const looking = turn % 4 > 0;
    const answer = looking
      ? await state.ask(() => state.client.get(`${api}/runs/get?run_id=${run.runId}`))
      : await state.ask(() => state.client.post(`${api}/runs/search`, search));
    if (answer === undefined) continue;
    state.reads++;
    const latest = looking
      ? (JSON.parse(answer).run.data.metrics?.[0]?.step ?? -1)
      : Number.POSITIVE_INFINITY;
    if (latest < stored - 1) state.troubles.push(`run ${run.runId} was at ${latest} after ${stored} points`);
  }
}

/** All that was answered 200 is there, once, and nothing else. */
async function verify(state: SoakState, { runId, stored }: SoakRun): Promise<void> {
  const asked = `${api}/metrics/get-history?run_id=${runId}&metric_key=loss&max_results=${pageSize}`;
  let seen = 0;
  let token: string | undefined = "";
  while (token !== undefined) {
    const page: HistoryPage = JSON.parse(await state.client.get(`${asked}&page_token=${token}`));
    for (const { step, value } of page.metrics ?? []) {
      if (step !== seen || value !== valueAt(seen)) {
        state.troubles.push(`run ${runId} has the value ${value} of step ${step} as its point ${seen}`);
        return;
      }
      seen++;
    }
    token = page.next_page_token;
  }
  if (seen !== stored) state.troubles.push(`run ${runId} has ${seen} of ${stored} points`);
}

interface HistoryPage {
  readonly metrics?: readonly { readonly step: number; readonly value: number }[];
  readonly next_page_token?: string;
}
