import { cpSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type JsonObject, type JsonValue, requireApplication } from "@scanflow/core";
import { argo } from "../../../packages/scanflow/src/deploy/argo/argo.ts";
import { deploymentOf, refuseLacks } from "../../../packages/scanflow/src/deploy/index.ts";
import { documentsIn } from "../../../packages/scanflow/src/deploy/yaml.test.support.ts";
import { applicationOf } from "../../conformance/application.ts";
import type { Case, Content, Ended, EndedTask } from "../../conformance/case.ts";
import { contentAt } from "../../conformance/content-at.ts";
import type { Host } from "../../conformance/platform.ts";
import { secrets } from "../../conformance/secrets.ts";
import { Interpreter } from "./interpreter.ts";
import { fileDigest, LocalPods } from "./local-pods.ts";
import type { Node, WorkflowTemplate } from "./manifest.ts";
import { taskOf } from "./task-of.ts";

const files = fileURLToPath(new URL("../../conformance/files", import.meta.url));
const longestText = 64 * 1024;

/** Exports every case to Argo and carries the WorkflowTemplate out by Argo's rules, its containers as local processes. */
export async function openArgoHost(): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-argo-"));
  const application = join(folder, "app");
  cpSync(files, application, { recursive: true });
  return {
    run: (one) => runCase(one, { folder: join(folder, one.name), application }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What images hold is not looked at. */
const images = {
  scanflow: "scanflow/scanflow:1",
  of: () => "scanflow/task:1",
  worker: () => ({ image: "scanflow/worker:1", shim: [] }),
};

/** The WorkflowTemplate of a case. Errors: SCANFLOW_TARGET_LACKS. */
export function exportedTemplate(one: Case): WorkflowTemplate {
  const planned = deploymentOf(requireApplication(applicationOf([one])), { workflow: one.name });
  const deployment = { ...planned, images };
  refuseLacks(argo, deployment);
  const [file] = argo.export(deployment);
  return documentsIn(file?.text ?? "")[0] as WorkflowTemplate;
}

async function runCase(one: Case, places: { folder: string; application: string }): Promise<Ended> {
  const trackers = ["default", "keep", "inner.keep-inner"];
  const configuration = Object.fromEntries(trackers.map((name) => [name, `http://${name}:9`]));
  const pods = new LocalPods({ ...places, secrets, configuration });
  const template = exportedTemplate(one);
  const tasks: Record<string, EndedTask> = {};
  const waiting: Promise<void>[] = [];
  const interpreter = new Interpreter(
    template,
    {
      runPod: (pod, artifacts) => pods.run(pod, artifacts),
      decide: (suspended) => ({
        approved: one.answers?.[suspended.metadata?.annotations?.["org.scanflow.task"] ?? ""] ? "yes" : "no",
      }),
      heard: (heard) => {
        const told = taskOf(heard);
        if (told) waiting.push(keep(tasks, told.id, { ...told, node: heard.node }));
      },
    },
    texts(one.params ?? {}),
  );
  const { phase } = await interpreter.run();
  await Promise.all(waiting);
  return { run: phase === "Succeeded" ? "succeeded" : "failed", tasks };
}

async function keep(
  tasks: Record<string, EndedTask>,
  id: string,
  { status, node }: { status: string; node: Node },
): Promise<void> {
  const { attempts, startedAt, endedAt } = node;
  const outputs = Object.entries(node.artifacts).map(async ([name, place]): Promise<[string, Content]> => {
    const { size } = statSync(place);
    return [name, size > longestText ? { digest: fileDigest(place) } : await contentAt(place)];
  });
  const raw = "result" in node && typeof node.result === "string" ? node.result : "{}";
  const result = (raw.trim() === "" ? {} : JSON.parse(raw)) as Record<string, JsonValue>;
  tasks[id] = {
    status,
    attempts,
    startedAt,
    endedAt,
    result,
    outputs: Object.fromEntries(await Promise.all(outputs)),
  };
}

function texts(params: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
