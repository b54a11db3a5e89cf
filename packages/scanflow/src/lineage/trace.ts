import {
  type DataInput,
  errorCode,
  formatDataName,
  type JsonObject,
  type JsonValue,
  type RunData,
} from "@scanflow/core";
import type { Lineage, LineageNode } from "../api/index.ts";
import type { Content } from "../engine/index.ts";
import { attemptId, attemptNode } from "./attempt-node.ts";
import { choiceReason, doesWork, groundsOf } from "./decisions.ts";
import { LineageGraph } from "./lineage-graph.ts";
import type { Sources } from "./lineage-sources.ts";
import { type Attempt, attemptName, makerOf, type RunRecord } from "./run-record.ts";

/** An input as it stands in a run: what it is given, its digest where that is known. */
interface Given {
  readonly content: Content;
  readonly digest: string;
}

/** Follows what was made back to what it was made from, through the cache to the attempts that did the work. */
export class Trace {
  readonly graph = new LineageGraph();
  readonly #sources: Sources;
  readonly #asked = new Map<string, { readonly runId: string; readonly to: string }[]>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** An output of a task; gives the node's id. */
  async output(record: RunRecord, task: string, output: string): Promise<string> {
    const maker = makerOf(record, task);
    const id = `${maker.run}/${maker.task}/${output}`;
    if (!this.graph.enter(id)) return id;
    const attempt = await this.attempt(maker, { record, task });
    const { outputs } = record.scheduler.taskState(task);
    const { path = output } = record.scheduler.task(task).outputs[output] ?? {};
    await this.addArtifact(id, { name: output, path, digest: outputs[output] ?? "" });
    this.graph.link("generated", attempt, id, { name: output });
    return id;
  }

  /** An attempt and all behind it; `taken`: the task that took its outputs over, for when its own run is gone. */
  async attempt(maker: Attempt, taken: { record: RunRecord; task: string }): Promise<string> {
    const id = attemptId(maker);
    if (!this.graph.enter(id)) return id;
    const own = await this.#sources.record(maker.run);
    const [record, instance] = own ? [own, maker.task] : [taken.record, taken.task];
    const key = own?.attempts.get(attemptName(maker))?.key ?? taken.record.cacheKeys.get(taken.task) ?? null;
    const parts = await this.#sources.parts(maker, key);
    const { params, inputs, item } = givenTo(record, instance);
    await this.#grounds(record, instance, id);
    for (const [name, content] of Object.entries(inputs)) {
      const digest = parts[`input: ${name}`] ?? digestOf(record, content);
      await this.#input(record, { content, digest }, { to: id, name, kind: "used" });
    }
    const node = attemptNode({ attempt: maker, record, instance, parts, params, item });
    if (own) this.asksData(record.scheduler.task(instance).tracker, node.trackerRun, id);
    this.graph.add(node);
    return id;
  }

  async addArtifact(
    id: string,
    { name, path, digest }: { name: string; path: string; digest: string },
  ): Promise<void> {
    const { kind: format = null, size = null } = (await this.#sources.content(digest)) ?? {};
    this.graph.add({ id, kind: "artifact", name, path, digest, format, size });
  }

  /** The tracker's run may name data that were read: it is asked in the end. */
  asksData(tracker: string, runId: string, to: string): void {
    const asked = this.#asked.get(tracker);
    if (asked) asked.push({ runId, to });
    else this.#asked.set(tracker, [{ runId, to }]);
  }

  /** All that was traced, with the data that scripts named. */
  async finish(subjects: readonly string[]): Promise<Lineage> {
    for (const [tracker, asked] of this.#asked) {
      const datasets = await this.#sources.datasets(
        tracker,
        asked.map(({ runId }) => runId),
      );
      for (const { runId, to } of asked) {
        for (const { name, digest, source } of datasets.get(runId) ?? []) {
          const id = `dataset:${name}@${digest}`;
          this.graph.begin({ id, kind: "dataset", name, digest, source });
          this.graph.link("used", id, to, { name });
        }
      }
    }
    return this.graph.finish([...new Set(subjects)]);
  }

  async #input(
    record: RunRecord,
    { content, digest }: Given,
    edge: { to: string; name: string; kind: "used" | "derived" },
  ): Promise<void> {
    const { to, name, kind } = edge;
    for (const choice of content.via ?? []) {
      this.graph.link("decided", await this.#decision(record, choice), to, { name });
    }
    if (content.kind === "file") {
      const id = `file:${content.path}@${digest}`;
      const size = (await this.#sources.content(digest))?.size ?? null;
      this.graph.add({ id, kind: "file", path: content.path, digest, size, data: [] });
      return this.graph.link(kind, id, to, { name });
    }
    if (content.kind === "data") {
      const id = await this.#data(record, content);
      return this.graph.link(kind, id, to, { name });
    }
    if (content.kind === "artifact") {
      const { task, output } = content.made;
      const from = await this.output(record, task, output);
      const cachedIn = record.scheduler.taskState(task).cached ? record.row.run : null;
      return this.graph.link(kind, from, to, { name, cachedIn });
    }
    const { task, output } = content.of;
    const id = `${record.row.run}/${task}/${output}@${digest}`;
    if (this.graph.enter(id)) {
      for (const [key, entry] of Object.entries(content.entries)) {
        const given = { content: entry, digest: digestOf(record, entry) };
        await this.#input(record, given, { to: id, name: key, kind: "derived" });
      }
      await this.addArtifact(id, { name: output, path: output, digest });
    }
    this.graph.link(kind, id, to, { name });
  }

  /** Who answers for it is known by the catalog, which is asked in the end. */
  async #data(record: RunRecord, content: DataInput): Promise<string> {
    const { version = content.version ?? 0, digest = "" } = dataIn(record, content) ?? {};
    const { dataset } = content;
    const id = `data:/${dataset}@${version}`;
    const size = (await this.#sources.content(digest))?.size ?? null;
    const unknown = { owner: null, sensitivity: null, addedBy: null, added: null, note: null };
    this.graph.add({ id, kind: "data", dataset, version, digest, size, ...unknown });
    return id;
  }

  /** The choices, approvals and results that let an instance run. */
  async #grounds(record: RunRecord, instance: string, to: string): Promise<void> {
    const { choices, approvals, read } = groundsOf(record.scheduler, instance);
    for (const one of [...choices, ...approvals]) {
      this.graph.link("decided", await this.#decision(record, one), to);
    }
    for (const one of read) {
      const { status } = record.scheduler.taskState(one);
      const task = record.scheduler.planTask(one);
      if (!doesWork(task) || status !== "succeeded") continue;
      const from = await this.attempt(makerOf(record, one), { record, task: one });
      this.graph.link("informed", from, to, { name: one });
    }
  }

  async #decision(record: RunRecord, instance: string): Promise<string> {
    const { row, scheduler, decided } = record;
    const id = `${row.run}/${instance}`;
    if (!this.graph.enter(id)) return id;
    await this.#grounds(record, instance, id);
    const { by = null, comment = "", time = null } = decided.get(instance) ?? {};
    const choice = scheduler.planTask(instance).kind === "choice";
    const node: LineageNode = {
      ...{ id, kind: "decision", run: row.run, task: instance, by, time },
      what: choice ? "choice" : "approval",
      reason: choice ? choiceReason(scheduler, instance) : comment,
    };
    this.graph.add(node);
    return id;
  }
}

interface AttemptGiven {
  readonly params: JsonObject;
  readonly inputs: Readonly<Record<string, Content>>;
  readonly item?: JsonValue;
}

/** What could not be worked out when the task was opened cannot be now; it failed for that. */
function givenTo({ scheduler }: RunRecord, task: string): AttemptGiven {
  try {
    return scheduler.attemptInputs(task);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { params: {}, inputs: {} };
  }
}

function digestOf({ scheduler }: RunRecord, content: Content): string {
  if (content.kind === "artifact") return content.digest;
  if (content.kind === "file") return scheduler.state.created?.inputs?.[content.path] ?? "";
  if (content.kind === "data") return dataIn({ scheduler }, content)?.digest ?? "";
  return "";
}

function dataIn({ scheduler }: Pick<RunRecord, "scheduler">, content: DataInput): RunData | undefined {
  return scheduler.state.created?.data?.[formatDataName(content)];
}
