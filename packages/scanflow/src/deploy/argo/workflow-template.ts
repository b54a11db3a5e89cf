import { type ApprovalTask, type JsonValue, type ParamDefinition, references } from "@scanflow/core";
import { platformName } from "../../platform-name.ts";
import type { Deployment, PlannedWorkflow } from "../target.ts";
import { type Build, expressionTag, type Manifest, newBuild } from "./build.ts";
import { condition, lostIn } from "./condition.ts";
import { type DagTask, dagTasks, PASS, passing, tellerTasks } from "./dag-tasks.ts";
import { isPlain } from "./depends.ts";
import { expressionsOf } from "./expressions-of.ts";
import { always, not } from "./formula.ts";
import { mapTemplates } from "./map-templates.ts";
import { isWork } from "./plan-index.ts";
import { CONFINED, podTemplate } from "./pod-template.ts";
import { deviceParameter } from "./reference-text.ts";
import type { Scope } from "./scope.ts";
import { sharedTemplates } from "./shared-templates.ts";
import { shorten } from "./shorten.ts";

/** A workflow as one WorkflowTemplate of Argo Workflows. */
export function workflowTemplate(deployment: Deployment, workflow: PlannedWorkflow): Manifest {
  const build = newBuild(deployment, workflow);
  settle(build);
  const { plan } = workflow;
  const { templates, uses } = sharedTemplates(build, podTemplates(build));
  for (const [task, use] of uses) build.uses.set(task, use);
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "WorkflowTemplate",
    metadata: templateMetadata(deployment, workflow),
    spec: {
      entrypoint: "main",
      arguments: { parameters: parametersOf(build) },
      securityContext: { runAsNonRoot: true, runAsUser: NOBODY, runAsGroup: NOBODY, fsGroup: NOBODY },
      volumes: ["scanflow", "app", "tmp"].map((name) => ({ name, emptyDir: {} })),
      templates: [
        ...mainTemplates(build),
        ...mapTemplates(build, build.top),
        ...templates,
        ...plan.tasks.flatMap((task) => (task.kind === "approval" ? [approvalTemplate(build, task)] : [])),
        { name: PASS, suspend: { duration: "0" } },
      ],
    },
  };
}

const NOBODY = 65534;

function podTemplates(build: Build) {
  return build.index.plan.tasks.filter(isWork).map((task) => {
    return { task, template: podTemplate(build, scopeOf(build, task.maps), task) };
  });
}

export function namespaceOf({ application, options }: Pick<Deployment, "application" | "options">): string {
  return options.namespace ?? platformName(application);
}

export function templateMetadata(
  { application, options }: Deployment,
  { plan, digest }: PlannedWorkflow,
): Manifest {
  return {
    name: platformName(plan.workflow),
    namespace: namespaceOf({ application, options }),
    labels: {
      "app.kubernetes.io/managed-by": "scanflow",
      "app.kubernetes.io/part-of": platformName(application),
    },
    annotations: { "org.scanflow.workflow": plan.workflow, "org.scanflow.plan": digest },
  };
}

/** What one DAG needs of another is found while both are made: makes them until nothing new is asked for. */
function settle(build: Build): void {
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    renderAll(build, build.top);
    condition(build.top, lostIn(build.top));
    now = build.results.size + build.keyed.size + sizeOf(build, build.top);
  }
}

function renderAll(build: Build, scope: Scope): void {
  dagTasks(build, scope);
  for (const child of childrenOf(build, scope)) renderAll(build, child);
}

function sizeOf(build: Build, scope: Scope): number {
  const own = scope.imports.size + scope.exports.size + scope.tellers.size;
  return childrenOf(build, scope).reduce((sum, child) => sum + sizeOf(build, child), own);
}

function childrenOf({ index }: Build, scope: Scope): readonly Scope[] {
  const depth = scope.maps.length;
  return index.plan.tasks.flatMap(({ id, kind, maps }) => {
    return kind === "map" && maps.length === depth && maps.every((map, at) => scope.maps[at] === map)
      ? [scope.child(id)]
      : [];
  });
}

function scopeOf({ top }: Build, maps: readonly string[]): Scope {
  return maps.reduce((scope, map) => scope.child(map), top);
}

/**
 * The workflow's own DAG. It ends with a task that is left out when a failure fails the run: Argo then takes the phase
 * of what it would have followed. Failures that Argo does not see as such (within a map, a person's no, a verdict) get
 * a task that fails for them.
 */
function mainTemplates(build: Build): readonly Manifest[] {
  const { top, names } = build;
  const lost = lostIn(top);
  const tasks = dagTasks(build, top);
  const others = [...tasks, ...tellerTasks(top)];
  const all = others.map(({ name }) => name);
  const [end, failed] = [names.of("", "end"), names.of("", "failed")];
  if (isPlain(top, lost)) {
    const last = passing(top, { name: end, when: null, formula: not(lost), awaited: all });
    return [mainDag([...others, last], end)];
  }
  const fails: DagTask = {
    ...passing(top, { name: failed, when: null, formula: always, awaited: all }),
    template: failed,
    when: expressionTag(condition(top, lost).text),
  };
  const last: DagTask = { name: end, template: PASS, depends: `${failed}.Skipped` };
  return [mainDag([...others, fails, last], end), failedTemplate(build, failed)];
}

function mainDag(tasks: readonly DagTask[], target: string): Manifest {
  return { name: "main", dag: { failFast: false, target, tasks: shorten(tasks) } };
}

function failedTemplate({ deployment }: Build, name: string): Manifest {
  return {
    name,
    container: {
      image: deployment.images.scanflow,
      command: ["/bin/sh", "-c"],
      args: [
        "echo 'Tasks of this run failed, were rejected, or gave a verdict that fails them.' >&2; exit 1",
      ],
      securityContext: CONFINED,
    },
  };
}

/** Waits for a person, who says yes or no in Argo's pages; who just resumes it says yes. */
function approvalTemplate({ names }: Build, { id, message }: ApprovalTask): Manifest {
  return {
    name: names.of(id),
    metadata: { annotations: { "org.scanflow.task": id, "org.scanflow.message": message } },
    inputs: {
      parameters: [
        {
          name: "approved",
          default: "yes",
          enum: ["yes", "no"],
          ...(message !== "" && { description: message }),
        },
      ],
    },
    outputs: { parameters: [{ name: "approved", valueFrom: { supplied: {}, default: "yes" } }] },
    suspend: {},
  };
}

function parametersOf(build: Build): readonly Manifest[] {
  const { plan } = build.workflow;
  const own = Object.entries(plan.params).map(([name, definition]) => ({
    name,
    ...(definition.default !== undefined && { value: parameterText(definition, definition.default) }),
    ...(definition.choices !== null && {
      enum: definition.choices.map((choice) => parameterText(definition, choice)),
    }),
    ...(definition.description !== "" && { description: definition.description }),
  }));
  const facts = new Set(
    expressionsOf(plan)
      .flatMap(references)
      .flatMap(([root, fact = ""]) => (root === "device" ? [fact] : [])),
  );
  return [
    ...own,
    ...[...facts].toSorted().map((fact) => ({
      name: deviceParameter(fact),
      description: `What conditions read as device.${fact}`,
    })),
    {
      name: "scanflow-code",
      value: `scanflow/${platformName(plan.application)}/app.tgz`,
      description: "Key of the application's files in the artifact store, as a tar",
    },
  ];
}

/** Argo's parameters are texts: those of other types are JSON. */
export function parameterText({ type }: ParamDefinition, value: JsonValue): string {
  return type === "string" && typeof value === "string" ? value : JSON.stringify(value);
}
