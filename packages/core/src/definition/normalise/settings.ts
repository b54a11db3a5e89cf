import type { Environment, Placement, Resources, Retry, Timeout, Toleration } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import { milliseconds } from "../document/duration.ts";
import { bytesOf } from "../document/resources.ts";
import { DEFINITION_DEFAULTS, type NodeDefaults } from "./defaults.ts";

type Written = Pick<
  NodeDocument<"executor">,
  "environment" | "resources" | "placement" | "retry" | "timeout" | "cache"
>;

/**
 * The settings of a node, or the defaults of a workflow: what is written over what is inherited. Resources,
 * placement, retry and timeout are inherited key by key, the others as a whole.
 */
export function readSettings(written: Written, inherited: NodeDefaults): NodeDefaults {
  const { environment, resources, placement, retry, timeout, cache = inherited.cache } = written;
  return {
    environment: environment === undefined ? inherited.environment : readEnvironment(environment),
    resources: readResources(resources, inherited.resources),
    placement: readPlacement(placement, inherited.placement),
    retry: readRetry(retry, inherited.retry),
    timeout: readTimeout(timeout, inherited.timeout),
    cache,
  };
}

function readEnvironment(written: NonNullable<Written["environment"]>): Environment {
  if (written === "host") return { kind: "host" };
  if ("image" in written) return { kind: "image", image: written.image };
  if ("python" in written) {
    const { requirements = null, packages = [], version, apt = [] } = written.python;
    return {
      kind: "python",
      requirements,
      packages,
      python: version === undefined ? null : `python${version}`,
      apt,
    };
  }
  if ("node" in written) {
    const { package: path = null, apt = [] } = written.node;
    return { kind: "node", package: path, apt };
  }
  const { dockerfile, context = DEFINITION_DEFAULTS.dockerfile.context } = written;
  return { kind: "dockerfile", dockerfile, context };
}

function readResources(written: Written["resources"], inherited: Resources): Resources {
  const { cpu = inherited.cpu, gpu = inherited.gpu, memory, storage } = written ?? {};
  return {
    cpu,
    memory: memory === undefined ? inherited.memory : bytesOf(memory),
    gpu,
    storage: storage === undefined ? inherited.storage : bytesOf(storage),
  };
}

function readPlacement(written: Written["placement"], inherited: Placement): Placement {
  const {
    labels = inherited.labels,
    tolerations,
    affinity = inherited.affinity,
    serviceAccount = inherited.serviceAccount,
  } = written ?? {};
  return {
    labels,
    tolerations: tolerations?.map(readToleration) ?? inherited.tolerations,
    affinity,
    serviceAccount,
  };
}

function readToleration({
  key = null,
  value = null,
  effect = null,
}: NonNullable<NonNullable<Written["placement"]>["tolerations"]>[number]): Toleration {
  return { key, value, effect };
}

function readRetry(written: Written["retry"], inherited: Retry): Retry {
  if (written === undefined) return inherited;
  if (typeof written === "number") return { ...inherited, limit: written };
  const {
    limit = inherited.limit,
    factor = inherited.factor,
    jitter = inherited.jitter,
    delay,
    maxDelay,
  } = written;
  return {
    limit,
    delayMs: delay === undefined ? inherited.delayMs : milliseconds(delay),
    factor,
    maxDelayMs: maxDelay === undefined ? inherited.maxDelayMs : milliseconds(maxDelay),
    jitter,
  };
}

function readTimeout(written: Written["timeout"], inherited: Timeout): Timeout {
  if (written === undefined) return inherited;
  if (typeof written !== "object") return { ...inherited, runMs: milliseconds(written) };
  return {
    startMs: limitOf(written.start, inherited.startMs),
    runMs: limitOf(written.run, inherited.runMs),
    heartbeatMs: limitOf(written.heartbeat, inherited.heartbeatMs),
  };
}

function limitOf(written: number | string | null | undefined, inherited: number | null): number | null {
  if (written === undefined) return inherited;
  return written === null ? null : milliseconds(written);
}
