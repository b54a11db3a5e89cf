import { createHash } from "node:crypto";
import type { WorkTask } from "@scanflow/core";
import { platformName } from "../../platform-name.ts";
import { portOf, type StandingService, standingCommand, standingInputs } from "../service-plan.ts";
import type { Deployment, ExportedFile } from "../target.ts";
import { healthcheckOf } from "./healthcheck.ts";
import { networkOf } from "./networks.ts";
import { resourcesOf } from "./resources.ts";
import {
  applicationFolder,
  appMount,
  labelsFor,
  literal,
  type StackConfig,
  type StackMount,
  type StackService,
  untemplated,
} from "./stack-service.ts";

interface NamedConfig {
  readonly key: string;
  readonly config: StackConfig;
  readonly target: string;
  readonly exported: ExportedFile;
}

export interface WrittenService {
  readonly service: Readonly<Record<string, StackService>>;
  readonly configs: readonly NamedConfig[];
}

/** Variables of the node contract that are about an attempt of a run. */
const ofAttempts = /^SCANFLOW_(TASK|CHECKPOINT|(RESULT|HEARTBEAT|LOGGED)_FILE)$/;

/**
 * A service that stands by itself: as many containers as it asks for, updated one after the other and rolled back when
 * one does not become healthy. Code and input files are read from the application's folder.
 */
export function standingService(standing: StandingService, deployment: Deployment): WrittenService {
  const { plan, task } = standing;
  const workflow = plan.groups.find(({ id }) => id === task.group)?.workflow ?? plan.workflow;
  const { application, images, options } = deployment;
  const name = serviceName(standing, deployment);
  const { file, args, variables, files } = standingCommand(standing);
  const port = portOf(standing);
  const configs = files.map(({ path, text }) => namedConfig(name, path, text));
  const published = options.host !== undefined && task.service?.port !== null;
  const ownVariables = Object.entries(variables).filter(([variable]) => !ofAttempts.test(variable));
  const service: StackService = {
    image: literal(images.of(task)),
    ...commandOf([file, ...args], task.secrets),
    working_dir: "/app",
    read_only: true,
    cap_drop: ["ALL"],
    environment: {
      ...Object.fromEntries(ownVariables.map(([variable, value]) => [variable, untemplated(value)])),
      HOME: "/tmp",
      ...(task.service?.port === null && { SCANFLOW_PORT: String(port) }),
    },
    ...(task.secrets.length > 0 && {
      secrets: task.secrets.map((secret) => ({ source: secret, target: secret })),
    }),
    ...(configs.length > 0 && { configs: configs.map(({ key, target }) => ({ source: key, target })) }),
    volumes: [appMount, ...inputMounts(standing), { type: "tmpfs", target: "/tmp" }],
    networks: [networkOf(workflow)],
    ...(published && { ports: [{ target: port, published: port, protocol: "tcp", mode: "ingress" }] }),
    ...(task.service?.health != null && {
      healthcheck: healthcheckOf(task.environment, port, task.service.health),
    }),
    deploy: {
      mode: "replicated",
      replicas: task.service?.replicas ?? 1,
      endpoint_mode: published ? "vip" : "dnsrr",
      labels: labelsFor(application, workflow),
      update_config: {
        parallelism: 1,
        delay: "5s",
        order: "start-first",
        failure_action: "rollback",
        monitor: "30s",
      },
      rollback_config: { parallelism: 1, order: "stop-first", failure_action: "pause" },
      restart_policy: { condition: "any", delay: "5s" },
      ...placementOf(task),
      ...resourcesOf(task),
    },
  };
  return { service: { [name]: service }, configs };
}

/** By which other services find it: its own, with its workflow where several have that. */
export function serviceName({ plan, task }: StandingService, { workflows }: Deployment): string {
  const same = workflows
    .flatMap(({ plan }) => plan.tasks)
    .filter((each) => each.kind === "service" && each.name === task.name);
  return platformName(same.length === 1 ? task.name : `${plan.workflow}-${task.id.replaceAll("/", "-")}`);
}

/** Secrets are files in a container of Swarm; a shell makes the variables of them that the program expects. */
function commandOf(
  words: readonly string[],
  secrets: readonly string[],
): Pick<StackService, "entrypoint" | "command"> {
  if (secrets.length === 0) return { entrypoint: words.map(literal) };
  const read = secrets.map((name) => `export ${name}="$(cat /run/secrets/${name})"`);
  const script = [...read, 'exec "$@"'].join("; ");
  return { entrypoint: ["sh", "-c", literal(script), "sh"], command: words.map(literal) };
}

function inputMounts(standing: StandingService): readonly StackMount[] {
  return standingInputs(standing).map(([path, target]) => {
    const source = `${applicationFolder}/${untemplated(path)}`;
    return { type: "bind", source, target: untemplated(target), read_only: true };
  });
}

function placementOf({ placement }: WorkTask): Pick<StackService["deploy"], "placement"> {
  const constraints = Object.entries(placement.labels).map(
    ([label, value]) => `node.labels.${literal(label)} == ${literal(value)}`,
  );
  return constraints.length === 0 ? {} : { placement: { constraints: constraints.toSorted() } };
}

function namedConfig(service: string, target: string, text: string): NamedConfig {
  const base = target.slice(target.lastIndexOf("/") + 1);
  const key = `${service}-${base.replaceAll(".", "-")}`;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const path = `configs/${service}/${base}`;
  return {
    key,
    config: { name: `${key}-${digest}`, file: `./${path}` },
    target,
    exported: { path, text },
  };
}
