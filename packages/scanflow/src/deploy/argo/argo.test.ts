import { requireApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import { deploymentOf } from "../deployment.ts";
import { refuseLacks } from "../lacks.ts";
import type { DeployOptions } from "../options.ts";
import { documentsIn } from "../yaml.test.support.ts";
import { argo } from "./argo.ts";

const images = {
  scanflow: "scanflow/scanflow:1",
  of: () => "scanflow/task:1",
  worker: () => ({ image: "scanflow/worker:1", shim: [] }),
};

function deployed(workflow: Record<string, unknown>, options: DeployOptions = {}) {
  const application = requireApplication({ application: "lab", workflows: { w: workflow } });
  return { ...deploymentOf(application, { options }), images };
}

interface Task {
  readonly name: string;
  readonly depends?: string;
  readonly when?: string;
  readonly [key: string]: unknown;
}

interface Template {
  readonly name: string;
  readonly dag?: { readonly tasks: readonly Task[] };
  readonly container?: { readonly env: readonly unknown[]; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** The tasks of the workflow's own DAG, and the templates, by name. */
function exported(workflow: Record<string, unknown>, options?: DeployOptions) {
  const [file] = argo.export(deployed(workflow, options));
  const { spec, metadata } = documentsIn(file?.text ?? "")[0] as {
    readonly spec: { readonly templates: readonly Template[]; readonly arguments: unknown };
    readonly metadata: unknown;
  };
  const templates = Object.fromEntries(spec.templates.map((template) => [template.name, template]));
  const tasks = Object.fromEntries((templates.main?.dag?.tasks ?? []).map((task) => [task.name, task]));
  return { spec, metadata, templates, tasks };
}

test("order and data are bare names, and what cannot be skipped has no condition", () => {
  const { tasks } = exported({
    nodes: {
      make: { run: "true", outputs: ["x"] },
      use: { run: "true", inputs: { x: "make.x" } },
      behind: { run: "true", after: ["use"] },
    },
  });
  expect(tasks.make).toEqual({ name: "make", template: "make" });
  expect(tasks.use).toEqual({
    name: "use",
    template: "use",
    depends: "make",
    arguments: { artifacts: [{ name: "x", from: "{{tasks.make.outputs.artifacts.x}}", optional: true }] },
  });
  expect(tasks.behind).toEqual({ name: "behind", template: "behind", depends: "use" });
});

test("a skip travels along data by `when`, and past order by a bare name", () => {
  const { tasks } = exported({
    params: { go: true },
    nodes: {
      maybe: { run: "true", outputs: ["x"], when: "params.go" },
      use: { run: "true", inputs: { x: "maybe.x" } },
      behind: { run: "true", after: ["maybe"] },
      failed: { run: "true", after: [{ node: "maybe", if: "failed" }] },
    },
  });
  expect(tasks.maybe?.when).toBe("{{=(fromJSON(workflow.parameters['go'])) == true}}");
  expect(tasks.use).toMatchObject({ depends: "maybe", when: "{{=tasks['maybe'].status == 'Succeeded'}}" });
  expect(tasks.behind).toMatchObject({ name: "behind", depends: "maybe" });
  expect(tasks.behind).not.toHaveProperty("when");
  expect(tasks.failed).toMatchObject({
    depends: "!maybe.Omitted",
    when: "{{=(tasks['maybe'].status in ['Failed', 'Error'])}}",
  });
});

test("retries, timeouts, resources, graphics cards and placement are written as Argo wants them", () => {
  const { templates } = exported({
    nodes: {
      fit: {
        run: "true",
        retry: { limit: 3, delay: "1500ms", factor: 2, maxDelay: "1m" },
        timeout: { run: "90s", start: "5m" },
        resources: { cpu: 0.5, memory: "1GiB", gpu: 2 },
        placement: { labels: { disk: "ssd" }, serviceAccount: "trainer" },
        secrets: ["API_KEY"],
      },
    },
  });
  expect(templates.fit).toMatchObject({
    retryStrategy: {
      limit: "3",
      retryPolicy: "Always",
      backoff: { duration: "2s", factor: "2", cap: "60s" },
    },
    activeDeadlineSeconds: "90",
    pendingTimeout: "300s",
    nodeSelector: { disk: "ssd" },
    serviceAccountName: "trainer",
    container: {
      resources: {
        requests: { cpu: "500m", memory: "1073741824" },
        limits: { memory: "1073741824", "nvidia.com/gpu": "2" },
      },
    },
  });
  expect(templates.fit?.container?.env).toContainEqual({
    name: "API_KEY",
    valueFrom: { secretKeyRef: { name: "scanflow", key: "API_KEY" } },
  });
  expect(templates.fit?.container?.env).toContainEqual({
    name: "SCANFLOW_ATTEMPT",
    value: "{{=string(int(retries) + 1)}}",
  });
});

test("tasks that differ in texts alone have one template, and give theirs as arguments", () => {
  const training = (rate: number) => ({
    run: ["fit", "{{params.rate}}"],
    params: { rate },
    env: { SEED: "1" },
  });
  const { tasks, templates } = exported({
    nodes: { low: training(0.1), high: training(0.5), other: { ...training(0.9), retry: 2 } },
  });
  const names = ["low", "high", "other"].map((name) => tasks[name]?.template);
  expect(names).toEqual(["like-low", "like-low", "other"]);
  const given = (name: string) => (tasks[name]?.arguments as { parameters: unknown } | undefined)?.parameters;
  expect(given("low")).toEqual([
    { name: "task", value: "low" },
    { name: "file-scanflow-params", value: '{"rate":0.1}' },
    { name: "argument-1", value: "0.1" },
  ]);
  expect(given("high")).toContainEqual({ name: "argument-1", value: "0.5" });
  expect(given("other")).toBeUndefined();
  const { container } = templates["like-low"] ?? {};
  expect(container?.args).toEqual(["{{inputs.parameters.argument-1}}"]);
  // Always the same text where the argument stands, too.
  expect(container?.env).toContainEqual({
    name: "SCANFLOW_PARAM_RATE",
    value: "{{inputs.parameters.argument-1}}",
  });
  expect(container?.env).toContainEqual({ name: "SEED", value: "1" });
});

test("a text that Argo cannot put into a template stands in one of its own", () => {
  const { tasks } = exported({
    nodes: {
      bell: { run: ["echo", "\u0007"] },
      delete: { run: ["echo", "\u007f"] },
      plain: { run: ["echo", "a\n\"b\" 'ü'"] },
      more: { run: ["echo", "b"] },
    },
  });
  const names = ["bell", "delete", "plain", "more"].map((name) => tasks[name]?.template);
  expect(names).toEqual(["bell", "delete", "like-plain", "like-plain"]);
});

test("a thousand tasks fit into what Argo takes; what does not is refused with its size", () => {
  const many = Array.from({ length: 1000 }, (_, at) => [`task-${at}`, { run: `work ${at}`, outputs: ["x"] }]);
  expect(argo.refuse(deployed({ nodes: Object.fromEntries(many) }))).toEqual([]);
  const long = Array.from({ length: 9 }, (_, at) => [
    `task-${at}`,
    { run: "true", params: { text: `${at}`.repeat(60_000) } },
  ]);
  const [lack, ...others] = argo.refuse(deployed({ nodes: Object.fromEntries(long) }));
  expect(lack).toMatchObject({ workflow: "w", task: null });
  expect(lack?.reason).toMatch(/^its WorkflowTemplate would have \d{7} bytes, and Argo takes 1048576$/);
  expect(others).toEqual([]);
});

test("a schedule is a CronWorkflow with the params of its own", () => {
  const files = argo.export(
    deployed({
      params: { size: 1 },
      schedules: [{ cron: "0 3 * * 1", timezone: "Europe/Madrid", params: { size: 7 } }],
      nodes: { a: { run: "true" } },
    }),
  );
  const schedules = files.find(({ path }) => path === "w-schedules.yaml");
  expect(documentsIn(schedules?.text ?? "")[0]).toMatchObject({
    kind: "CronWorkflow",
    spec: {
      schedules: ["0 3 * * 1"],
      timezone: "Europe/Madrid",
      workflowSpec: {
        workflowTemplateRef: { name: "w" },
        arguments: { parameters: [{ name: "size", value: "7" }] },
      },
    },
  });
});

test("names that Argo's expressions would take for their own, or that become the same, are told apart", () => {
  const { tasks } = exported({
    nodes: { all: { run: "true" }, a_b: { run: "true" }, "a-b": { run: "true", after: ["a_b", "all"] } },
  });
  const names = Object.keys(tasks);
  expect(new Set(names.map((name) => name.replaceAll("-", "_"))).size).toBe(names.length);
  expect(names).not.toContain("all");
});

test("the same deployment gives the same bytes, whatever order its keys were written in", () => {
  const nodes = { list: { run: "true" }, each: { run: "true", map: { over: [1] }, params: { x: 1, a: 2 } } };
  const other = { each: { params: { a: 2, x: 1 }, map: { over: [1] }, run: "true" } };
  const text = (workflow: Record<string, unknown>) => JSON.stringify(argo.export(deployed(workflow)));
  expect(text({ nodes })).toBe(text({ nodes: { ...nodes, ...other } }));
});

test("braces that Argo would take for its own are refused wherever they stand", () => {
  const params = { text: "a", object: { a: { b: 1 } } };
  const nodes = {
    shell: { run: "docker inspect --format '{{.Id}}' x" },
    words: { run: ["docker", "inspect", "{{ .Id }}"] },
    beside: { run: ["post", "{{{params.object}}}"], params },
    output: { run: "true", outputs: { a: "{{x}}.txt" } },
    input: { run: "true", inputs: { a: { file: "{{x}}.txt" } } },
    ask: { kind: "approval", message: "Is {{x}} fine?" },
    each: { run: "echo {{item}}", map: { over: ["{{x}}"] } },
    fine: { run: "echo {{{ params.text }}} {{inputs.a}}", params, inputs: { a: { file: "{x}.txt" } } },
    good: { run: ["echo", "a{{params.text}}{{params.object}}"], params },
  };
  const lacking = argo.refuse(deployed({ nodes })).map(({ task }) => task);
  const schedules = [{ cron: "0 3 * * *", params: { text: "{{x}}" } }];
  const scheduled = deployed({ params: { text: "" }, schedules, nodes: { a: { run: "true" } } });
  expect(argo.refuse(scheduled)).toMatchObject([{ workflow: "w", task: null }]);
  const { fine: _, good: __, ...refused } = nodes;
  expect(new Set(lacking)).toEqual(new Set(Object.keys(refused)));
});

test("a parameter by the name of one that the export has itself is refused", () => {
  const nodes = { a: { run: "true", params: { x: { expression: "params['scanflow-code']" } } } };
  const deployment = deployed({ params: { "scanflow-code": "mine" }, nodes });
  expect(argo.refuse(deployment)).toMatchObject([
    { task: null, reason: expect.stringContaining("scanflow-code") },
  ]);
});

test("what Argo cannot do is refused together, each with what to change", () => {
  const deployment = deployed({
    nodes: {
      measure: { run: "true", timeout: { heartbeat: "1m" } },
      low: { run: "true", when: "nodes.measure.metrics.loss < 1" },
      odd: { run: "true", env: { TEMPLATE: "{{name}}" } },
      read: { run: "true", inputs: { d: { data: "digits@2" } } },
      serve: { kind: "service", run: "true" },
      label: { kind: "labeling", message: "Which?" },
      size: { run: "true", when: 'number("16GiB") > 1' },
    },
  });
  expect(() => refuseLacks(argo, deployment)).toThrow(
    expect.objectContaining({
      code: "SCANFLOW_TARGET_LACKS",
      message: expect.stringContaining("w/measure: Argo watches no heartbeat"),
    }),
  );
  const lacking = new Set(argo.refuse(deployment).map(({ task }) => task));
  expect(lacking).toEqual(new Set(["measure", "low", "odd", "read", "serve", "label", "size"]));
});
