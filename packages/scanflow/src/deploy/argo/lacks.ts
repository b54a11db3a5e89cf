import { type Expression, type Plan, type PlanTask, references } from "@scanflow/core";
import type { Deployment, Lack } from "../target.ts";
import { hasBraces } from "./braces.ts";
import { expressionsOf } from "./expressions-of.ts";
import { isWork, PlanIndex } from "./plan-index.ts";

type Finding = Omit<Lack, "workflow" | "task">;

/** What definitions ask for and Argo cannot do. */
export function argoLacks({ workflows }: Deployment): readonly Lack[] {
  return workflows.flatMap(({ plan }) => {
    const index = new PlanIndex(plan);
    const mode: Lack[] =
      plan.mode === "online"
        ? [
            {
              workflow: plan.workflow,
              task: null,
              reason: "Argo runs workflows that end",
              change: "Export it to kubernetes",
            },
          ]
        : [];
    const schedules = JSON.stringify(plan.schedules.map(({ params }) => params));
    if (schedules.includes("{{")) mode.push({ workflow: plan.workflow, task: null, ...braces });
    const taken = Object.keys(plan.params).find((name) => name.startsWith("scanflow-"));
    if (taken !== undefined) {
      const reason = `its parameter ${taken} may be one of those that an export has for itself`;
      mode.push({
        workflow: plan.workflow,
        task: null,
        reason,
        change: "Name it without scanflow- in front",
      });
    }
    const ofTasks = plan.tasks.flatMap((task) =>
      findings(index, plan, task).map(
        (finding): Lack => ({ workflow: plan.workflow, task: task.id, ...finding }),
      ),
    );
    return [...mode, ...ofTasks];
  });
}

function findings(index: PlanIndex, plan: Plan, task: PlanTask): readonly Finding[] {
  const found: Finding[] = [];
  if (task.kind === "labeling") {
    found.push({ reason: "Argo has no labelling", change: "Label with Scanflow's server" });
  }
  if (task.kind === "service") {
    found.push({
      reason: "a service in a batch workflow is not exported to Argo",
      change: "Export services to kubernetes or kserve",
    });
  }
  for (const expression of expressionsOf({ tasks: [task] }))
    found.push(...inExpression(index, task, expression));
  const inputs = "inputs" in task ? Object.values(task.inputs) : [];
  for (const input of inputs) {
    const origin = input.kind === "output" ? input.fallback : input;
    if (typeof origin === "object" && origin.kind === "data") {
      found.push({
        reason: `Argo has no catalog of data, and it reads ${origin.dataset}`,
        change: "Read a file of the application, or what a task fetches",
      });
    }
    if (input.kind !== "output") continue;
    const through = input.of.find(
      (reference) => index.task(reference.task).kind === "choice" && !index.isOne(task.id, reference.task),
    );
    if (through) {
      found.push({
        reason: `it reads what a choice gives for every item of a map (${through.task}.${through.output}), which lies in several places`,
        change: "Let a task behind the choice copy it",
      });
    }
  }
  if (isWork(task) && task.timeout.heartbeatMs !== null) {
    found.push({ reason: "Argo watches no heartbeat", change: "Give it a run timeout instead" });
  }
  if (hasBraces(plan, task)) {
    found.push(braces);
  }
  return found;
}

const braces: Finding = {
  reason: "Argo reads two braces in a row in a text as its own",
  change: "Write what has them into a file of the application, or put a space between them",
};

function inExpression(index: PlanIndex, task: PlanTask, expression: Expression): readonly Finding[] {
  const found: Finding[] = [];
  for (const [root, id = "", facet, key] of references(expression)) {
    if (root !== "tasks") continue;
    if (facet === "metrics") {
      found.push({
        reason: `Argo does not know the metrics of ${id}`,
        change: "Return the value as a result, or write it into SCANFLOW_RESULT_FILE",
      });
    }
    if (facet !== "result") continue;
    if (key === undefined && !index.isOne(task.id, id)) {
      found.push({ reason: `it reads the whole results of ${id}`, change: "Read a field of them" });
    }
    if (index.task(id).kind === "approval" && key !== "approved") {
      found.push({
        reason: `Argo knows of ${id} only whether it was approved`,
        change: "Read result.approved",
      });
    }
  }
  if (callsNumber(expression)) {
    found.push({
      reason: "Argo's expressions read no numbers with units",
      change: "Let the task write numbers instead of calling number()",
    });
  }
  return found;
}

function callsNumber(expression: Expression): boolean {
  return /"kind":"call","name":"number"/.test(JSON.stringify(expression));
}
