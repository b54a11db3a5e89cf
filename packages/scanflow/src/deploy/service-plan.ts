import {
  type Expression,
  evaluate,
  type JsonObject,
  type JsonValue,
  type Plan,
  type PlanTask,
  type PlanValue,
  references,
  type WorkTask,
} from "@scanflow/core";
import { remoteCommand } from "../runners/contract/remote-command.ts";
import type { RemoteCommand } from "../runners/gateway.ts";
import type { Lack, PlannedWorkflow } from "./target.ts";

/** A service that stays up by itself, outside of any run. */
export interface StandingService {
  readonly plan: Plan;
  readonly task: WorkTask & { readonly service: NonNullable<WorkTask["service"]> };
}

/** On which a service listens that names no port. */
const usualPort = 8080;

/** The services of online workflows: those of batch workflows live and end with their run. */
export function standingServices(workflows: readonly PlannedWorkflow[]): readonly StandingService[] {
  return workflows.flatMap(({ plan }) =>
    plan.mode === "online" ? plan.tasks.flatMap((task) => (isService(task) ? [{ plan, task }] : [])) : [],
  );
}

function isService(task: PlanTask): task is StandingService["task"] {
  return task.kind === "service" && task.service !== null;
}

export function portOf({ task }: StandingService): number {
  return task.service.port ?? usualPort;
}

export interface NameOptions {
  /** Begins a sentence, such as `Kubernetes`. */
  readonly target: string;
  readonly nameOf: (service: StandingService) => string;
  /** Of what the export stands up itself. */
  readonly taken: readonly string[];
}

/** Services of which one would take the other's place there, or that of something of Scanflow's own. */
export function nameLacks(
  services: readonly StandingService[],
  { target, nameOf, taken }: NameOptions,
): readonly Lack[] {
  const owners = new Map(taken.map((name) => [name, "something of Scanflow's own"]));
  return services.flatMap((service): readonly Lack[] => {
    const { plan, task } = service;
    const name = nameOf(service);
    const other = owners.get(name);
    if (other === undefined) owners.set(name, `${plan.workflow}/${task.id}`);
    if (other === undefined) return [];
    const reason = `${target} finds it by the name ${name}, which ${other} has, too`;
    return [{ workflow: plan.workflow, task: task.id, reason, change: "Rename it" }];
  });
}

export interface StandingOptions {
  /** Begins a sentence, such as `Kubernetes`. */
  readonly target: string;
  /** Whether choices among services become routes there. */
  readonly routes: boolean;
}

/** What an online workflow has that cannot stay up without a run, for a target that starts its services by itself. */
export function standingLacks(
  { plan }: PlannedWorkflow,
  { target, routes }: StandingOptions,
): readonly Lack[] {
  if (plan.mode !== "online") return [];
  return plan.tasks.flatMap((task): readonly Lack[] => {
    if (routes && task.kind === "choice") return [];
    const at = { workflow: plan.workflow, task: task.id };
    if (!isService(task)) {
      const reason = `${target} keeps the services of an online workflow up, and this is a node of kind ${task.kind}`;
      return [{ ...at, reason, change: "Move it into a batch workflow" }];
    }
    const inputs = Object.entries(task.inputs).flatMap(([name, input]): readonly Lack[] => {
      if (input.kind === "file" || (input.kind === "output" && typeof input.fallback === "string")) return [];
      const from = input.kind === "data" ? "a version of data" : "the output of another node";
      return [
        {
          ...at,
          reason: `${target} starts the service without a run, and its input ${name} is ${from}`,
          change: "Give it a file of the application, or ask the tracker for the model in its command",
        },
      ];
    });
    const params = Object.entries(task.params).flatMap(([name, value]): readonly Lack[] => {
      if (knownValue(plan, value) !== undefined) return [];
      const reason = `${target} starts the service without a run, and its parameter ${name} is known only in one`;
      return [
        { ...at, reason, change: "Give it a value, or a parameter of the workflow that has a default" },
      ];
    });
    const when: readonly Lack[] =
      task.when === null
        ? []
        : [
            {
              ...at,
              reason: `${target} asks no condition before a service starts`,
              change: 'Take "when" out',
            },
          ];
    return [...inputs, ...params, ...when];
  });
}

/** What is started for the service and lies there before, as the node contract says. Only for one that lacks nothing. */
export function standingCommand({ plan, task }: StandingService): RemoteCommand {
  const files = Object.entries(task.inputs).map(([name, input]): [string, string] => [name, fileOf(input)]);
  const params = Object.entries(task.params).map(([name, value]): [string, JsonValue] => [
    name,
    knownValue(plan, value) ?? null,
  ]);
  const nothing = { uri: "", experimentId: "", runId: "" };
  const command = remoteCommand(
    {
      ...{ run: "", task: task.id, attempt: 1, token: "", workdir: "", root: "", checkpoint: "", log: "" },
      command: task.run,
      inputs: Object.fromEntries(files.map(([name]) => [name, ""])),
      inputFiles: Object.fromEntries(files),
      outputs: {},
      params: Object.fromEntries(params),
      environment: task.environment,
      env: task.env,
      secrets: [],
      timeout: task.timeout,
      tracking: nothing,
    },
    { secrets: {}, tracking: {} },
  );
  const { SCANFLOW_RUN: _, SCANFLOW_ATTEMPT: __, ...variables } = command.variables;
  return { ...command, variables };
}

/** The application's file that is an input, by its path. */
function fileOf(input: WorkTask["inputs"][string]): string {
  if (input.kind === "file") return input.path;
  return input.kind === "output" && typeof input.fallback === "string" ? input.fallback : "";
}

/** The files of the application that are inputs: from their path in the application to their place in the container. */
export function standingInputs(service: StandingService): readonly (readonly [string, string])[] {
  const { variables } = standingCommand(service);
  return Object.entries(service.task.inputs).map(([name, input]) => {
    const variable = `SCANFLOW_INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
    return [fileOf(input), variables[variable] ?? ""] as const;
  });
}

/** Whether a condition holds that hangs on nothing but the workflow's parameters; undefined: it cannot be known. */
export function holds(plan: Plan, when: Expression): boolean | undefined {
  const value = knownValue(plan, { kind: "expression", expression: when });
  return value === undefined ? undefined : value === true;
}

/** A value that hangs on nothing but the workflow's parameters, by their defaults; undefined: there is none. */
function knownValue(plan: Plan, value: PlanValue): JsonValue | undefined {
  if (value.kind === "literal") return value.value;
  const names = references(value.expression);
  const known = names.every(
    ([root, name]) => root === "params" && plan.params[String(name)]?.default !== undefined,
  );
  return known ? evaluate(value.expression, { params: defaultsOf(plan), ...unknown }) : undefined;
}

function defaultsOf({ params }: Plan): JsonObject {
  return Object.fromEntries(Object.entries(params).map(([name, { default: value = null }]) => [name, value]));
}

const unknown = {
  task: () => undefined,
  item: () => undefined,
  device: { kind: "", cpus: 0, memory: 0, gpus: 0, platform: "", arch: "" },
};
