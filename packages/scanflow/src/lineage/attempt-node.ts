import { hash } from "node:crypto";
import type { Environment, JsonObject, JsonValue, WorkTask } from "@scanflow/core";
import type { LineageNode } from "../api/index.ts";
import { trackerRunId } from "../engine/index.ts";
import { type Attempt, attemptName, type Parts, type RunRecord } from "./run-record.ts";

export type AttemptNode = Extract<LineageNode, { kind: "attempt" }>;

export interface AttemptSources {
  readonly attempt: Attempt;
  /** Of its run; where that was removed, of the run that took its outputs over: the same work, by its key. */
  readonly record: RunRecord;
  /** The task as that run knows it. */
  readonly instance: string;
  readonly parts: Parts;
  readonly params: JsonObject;
  readonly item: JsonValue | undefined;
}

export function attemptId({ run, task, attempt }: Attempt): string {
  return `${run}/${task}#${attempt}`;
}

/** Everything about an attempt that decided what it made, who started it and when. */
export function attemptNode(sources: AttemptSources): AttemptNode {
  const { attempt, record, instance, parts, params, item } = sources;
  const recorded = record.row.run === attempt.run;
  const facts = recorded ? record.attempts.get(attemptName(attempt)) : undefined;
  const task = record.scheduler.task(instance);
  const { created } = record.scheduler.state;
  const environment = parts.environment ?? "";
  return {
    id: attemptId(attempt),
    kind: "attempt",
    ...attempt,
    application: record.row.application,
    workflow: record.row.workflow,
    box: task.group,
    status: facts?.status ?? (recorded ? "unknown" : "succeeded"),
    recorded,
    user: recorded ? (created?.user ?? null) : null,
    started: facts?.started ?? null,
    ended: facts?.ended ?? null,
    command: commandText(task),
    code: partsOf(parts, "code: "),
    environment: {
      summary: environmentText(task.environment, environment),
      definition: environment,
      digest: `sha256:${hash("sha256", environment)}`,
      image: facts?.image ?? null,
    },
    params,
    ...(item === undefined ? {} : { item }),
    key: facts?.key ?? null,
    plan: record.row.plan,
    trackerRun: trackerRunId(attempt.run, attempt.task, attempt.attempt),
  };
}

/** Parts of one kind, by what stands behind its name. */
export function partsOf(parts: Parts, kind: string): Record<string, string> {
  const some = Object.entries(parts).filter(([name]) => name.startsWith(kind));
  return Object.fromEntries(some.map(([name, value]) => [name.slice(kind.length), value]));
}

export function commandText({ run }: Pick<WorkTask, "run">): string {
  if (run.kind === "notebook") return run.notebook;
  if (run.kind === "check") return run.check;
  if (run.kind === "module") return run.export === "default" ? run.module : `${run.module} (${run.export})`;
  return typeof run.command === "string" ? run.command : run.command.join(" ");
}

/** Versions stand behind the environment's declaration: of Node for function steps, of the Python it is built from. */
function environmentText(environment: Environment, definition: string): string {
  const node = /\} node(\d+)/.exec(definition)?.[1];
  const text = declared(environment, /\} (?:node\d+)?(\w+) (\d[\w.+]*)\n/.exec(definition));
  return node === undefined ? text : `${text}, Node ${node}`;
}

function declared(environment: Environment, found: RegExpExecArray | null): string {
  switch (environment.kind) {
    case "host":
      return "this machine";
    case "node":
      return environment.package ?? "this machine";
    case "image":
      return `image ${environment.image}`;
    case "dockerfile":
      return `image of ${environment.dockerfile}`;
    case "python": {
      const { python, requirements, packages } = environment;
      const [, implementation = "", version = ""] = found ?? [];
      const name = implementation === "cpython" ? "Python" : implementation;
      return [found ? `${name} ${version}` : (python ?? "python3"), requirements ?? "", packages.join(" ")]
        .filter(Boolean)
        .join(", ");
    }
  }
}
