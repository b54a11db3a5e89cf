import { createHash } from "node:crypto";
import { type Application, type EventBody, planWorkflow } from "@scanflow/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { generatedApplication } from "../../../packages/core/src/plan/generated.test.support.ts";
import { argo } from "../../../packages/scanflow/src/deploy/argo/argo.ts";
import { deploymentOf } from "../../../packages/scanflow/src/deploy/index.ts";
import { documentsIn } from "../../../packages/scanflow/src/deploy/yaml.test.support.ts";
import type { Command, Input } from "../../../packages/scanflow/src/engine/scheduler/input.ts";
import { Scheduler } from "../../../packages/scanflow/src/engine/scheduler/scheduler.ts";
import { Interpreter } from "./interpreter.ts";
import { ended, type Template, type WorkflowTemplate } from "./manifest.ts";
import { taskOf } from "./task-of.ts";

const DEVICE = { kind: "typeA", cpus: 2, memory: 1, gpus: 0, platform: "linux", arch: "x64" };
const USAGE = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };
const RESULT = { x: 1, loss: 0.5 };

/** Whether an instance of a task fails, and whether it leaves its optional outputs out: drawn, but the same everywhere. */
function fateOf(id: string, seed: number): { readonly fails: boolean; readonly silent: boolean } {
  const [first = 0, second = 0] = createHash("sha256").update(`${seed} ${id}`).digest();
  return { fails: first < 80, silent: second < 100 };
}

interface Ends {
  readonly run: string;
  readonly tasks: Readonly<Record<string, string>>;
}

/** How the engine's scheduler ends a workflow. */
function engineEnds(application: Application, seed: number): Ends {
  const plan = planWorkflow(application);
  const scheduler = new Scheduler(plan, "r");
  let seq = 0;
  const commands: Command[] = [];
  const send = (input: Omit<Input, "now">) => {
    const stamp = (body: EventBody) => ({ seq: ++seq, run: "r", time: 0, ...body });
    commands.push(...scheduler.handle({ ...input, now: 0 } as Input, stamp).commands);
  };
  const params = Object.fromEntries(
    Object.entries(plan.params).map(([name, param]) => [name, param.default ?? 1]),
  );
  const facts = {
    application: "a",
    workflow: "w",
    plan: "p",
    params,
    device: DEVICE,
    cache: false,
    user: null,
  };
  const capacity = { cpu: 2, memory: 1, gpu: 0, tasks: 9 };
  send({ kind: "create", ...facts, capacity, cause: { kind: "manual" }, owner: "o" } as Omit<Input, "now">);
  for (let command = commands.shift(); command; command = commands.shift()) {
    if (command.kind === "open") {
      const { task } = command;
      try {
        scheduler.attemptInputs(task);
        send({ kind: "admitted", task, key: "k", miss: { reason: "first-run", changed: [] } } as Omit<
          Input,
          "now"
        >);
      } catch {
        send({ kind: "refused", task, message: "an expression" } as Omit<Input, "now">);
      }
    } else if (command.kind === "start") {
      const { kind: _, ...start } = command;
      const { fails, silent } = fateOf(command.task, seed);
      const written = Object.entries(scheduler.task(command.task).outputs).filter(
        ([, { optional }]) => !(optional && silent),
      );
      const outputs = Object.fromEntries(written.map(([name]) => [name, name]));
      const error = { code: "SCANFLOW_TASK_FAILED", message: "drawn" };
      if (fails)
        send({ kind: "failed", ...start, error, retryable: false, usage: USAGE } as Omit<Input, "now">);
      else
        send({ kind: "succeeded", ...start, outputs, result: RESULT, metrics: {}, usage: USAGE } as Omit<
          Input,
          "now"
        >);
    }
  }
  const tasks = Object.fromEntries(scheduler.summary().map(({ name, status }) => [name, status]));
  return { run: scheduler.state.status, tasks };
}

/** How Argo ends the WorkflowTemplate that the workflow is exported as. */
async function argoEnds(application: Application, seed: number): Promise<Ends> {
  const images = { scanflow: "s", of: () => "t", worker: () => ({ image: "w", shim: [] }) };
  const deployment = { ...deploymentOf(application, { workflow: application.main }), images };
  const [file] = argo.export(deployment);
  const template = documentsIn(file?.text ?? "")[0] as WorkflowTemplate;
  const tasks: Record<string, string> = {};
  const world = {
    runPod: async (pod: Template) => {
      const id = pod.container?.env?.find(({ name }) => name === "SCANFLOW_TASK")?.value;
      if (id === undefined) return ended("Failed");
      const { fails, silent } = fateOf(id, seed);
      if (fails) return ended("Failed");
      const outputs = (pod.outputs?.artifacts ?? []).filter(({ optional }) => !(optional && silent));
      const values = (pod.outputs?.parameters ?? []).map(({ name }) => [
        name,
        name === "result" ? JSON.stringify(RESULT) : String(!silent),
      ]);
      return ended("Succeeded", {
        artifacts: Object.fromEntries(outputs.map(({ name }) => [name, name])),
        parameters: Object.fromEntries(values),
      });
    },
    decide: () => ({}),
    heard: (heard: Parameters<typeof taskOf>[0]) => {
      const told = taskOf(heard);
      if (told) tasks[told.id] = told.status;
    },
  };
  const device = Object.fromEntries(
    Object.entries(DEVICE).map(([fact, value]) => [`scanflow-device-${fact}`, String(value)]),
  );
  const { phase } = await new Interpreter(template, world, device).run();
  return { run: phase === "Succeeded" ? "succeeded" : "failed", tasks };
}

/** Argo knows no metrics: what generated conditions read of them becomes a result. */
function withoutMetrics(application: Application): Application {
  return JSON.parse(JSON.stringify(application).replaceAll('"metrics"', '"result"')) as Application;
}

/** Some nodes may fail. */
function withLeniency(application: Application, seed: number): Application {
  const workflows = application.workflows.map((workflow) => {
    const nodes = workflow.nodes.map((node) => {
      const lenient = fateOf(`${workflow.name} ${node.name} may fail`, seed).fails;
      return node.kind === "executor" ? { ...node, allowFailure: lenient } : node;
    });
    return { ...workflow, nodes };
  });
  return { ...application, workflows };
}

/** How many graphs of each kind; more are worth it when the rule or the exporter changes. */
const runs = Number(process.env.ARGO_GRAPHS ?? 40);

test.each([
  { name: "graphs", of: { kinds: ["executor"], maps: false } },
  { name: "nested workflows", of: { kinds: ["executor", "workflow"], maps: false } },
  { name: "choices", of: { kinds: ["executor", "workflow", "choice"], maps: false } },
  { name: "maps", of: { kinds: ["executor", "workflow"], maps: true } },
  { name: "maps and choices", of: { kinds: ["executor", "workflow", "choice"], maps: true } },
] as const)("random $name end in Argo as in the engine", async ({ of }) => {
  await fc.assert(
    fc.asyncProperty(generatedApplication(of).map(withoutMetrics), fc.nat(1000), async (strict, seed) => {
      const application = withLeniency(strict, seed);
      expect(await argoEnds(application, seed)).toEqual(engineEnds(application, seed));
    }),
    { numRuns: runs },
  );
});
