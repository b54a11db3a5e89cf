import type { SwarmNode, SwarmTask } from "../../docker/index.ts";
import { failure, type Stop } from "../outcome.ts";

/** What the state of an attempt's container says to who waits for it. */
export type TaskSight =
  /** It is on its way, or runs; `note`: what it waits for, in plain words, when it does. */
  | { readonly kind: "goes on"; readonly note?: string }
  /** Nothing of it runs any more, and for this reason nothing will. */
  | { readonly kind: "over"; readonly reason: Stop };

export interface Seen {
  readonly task: string;
  /** The bytes of memory that it may use; 0: without limit. */
  readonly memory: number;
  readonly image: string;
}

/** `swarmTask` undefined: Swarm has not made it yet. `node`: the one it was given to, when it is known. */
export function sightOf(
  swarmTask: SwarmTask | undefined,
  node: SwarmNode | undefined,
  seen: Seen,
): TaskSight {
  if (swarmTask === undefined) return { kind: "goes on" };
  const { State, Err = "" } = swarmTask.Status;
  const where = node ? ` on node ${node.Description.Hostname}` : "";
  switch (State) {
    case "new":
    case "pending":
      return Err === "" ? { kind: "goes on" } : { kind: "goes on", note: waitingFor(Err) };
    case "rejected":
      return over(rejected(Err, where, seen));
    case "failed":
      return over(failed(swarmTask, where, seen));
    case "complete":
      return over(ended(seen.task, `its container${where} ended without an answer`));
    case "orphaned":
    case "remove":
    case "shutdown":
      return over(ended(seen.task, `its container${where} was ended by somebody else (${State})`));
    default:
      if (node && node.Status.State === "down") return over(nodeLost(seen.task, node));
      return { kind: "goes on" };
  }
}

/** What Swarm's scheduler says (swarmkit, manager/scheduler: `no suitable node (… on N nodes; …)`), with what to do. */
function waitingFor(said: string): string {
  const hints = [
    [
      /insufficient resources/,
      "It starts when other tasks have ended; see what is reserved with docker node inspect",
    ],
    [/constraints not satisfied/, "See the labels of the nodes with docker node inspect"],
    [/not available for new tasks|missing plugin|unsupported platform/, "See docker node ls"],
  ] as const;
  const hint = hints.find(([pattern]) => pattern.test(said))?.[1];
  return `waits for a node: ${said}${hint ? `. ${hint}` : ""}`;
}

function rejected(said: string, where: string, { task, image }: Seen): Stop {
  if (/no such image|pull access denied|manifest unknown|not found|failed to resolve/i.test(said)) {
    return failure(
      "SCANFLOW_IMAGE_MISSING",
      `The image ${image} of task "${task}" cannot be had${where}: ${said}. Name a registry that all nodes reach with SCANFLOW_REGISTRY, and log in to it where it asks for that.`,
      { retryable: false },
    );
  }
  return failure(
    "SCANFLOW_ATTEMPT_FAILED",
    `Swarm could not start task "${task}"${where}: ${said}. Mend what it names, then retry the run.`,
    { retryable: true },
  );
}

function failed({ Status }: SwarmTask, where: string, { task, memory, image }: Seen): Stop {
  const { Err = "", ContainerStatus } = Status;
  const code = ContainerStatus?.ExitCode ?? null;
  if (/executable file not found|no such file or directory|exec format error/i.test(Err)) {
    return failure(
      "SCANFLOW_ATTEMPT_FAILED",
      `The shim could not be started in ${image}${where}: ${Err}. Has the image been built for the kind of machine that the node is?`,
      { retryable: false },
    );
  }
  if (code === 137 && memory > 0) {
    return failure(
      "SCANFLOW_TASK_FAILED",
      `The container of task "${task}"${where} was killed, most likely because it needed more than its ${memory} bytes of memory. Give it more memory in its resources, or less to do at once.`,
      { retryable: true },
    );
  }
  return ended(task, `its container${where} ended (${Err || "without a reason"})`);
}

/** Of a service that is not there any more. */
export function serviceGone(task: string): Stop {
  return ended(task, "its service was removed by somebody else");
}

function nodeLost(task: string, { Description }: SwarmNode): Stop {
  return failure(
    "SCANFLOW_NODE_LOST",
    `The node ${Description.Hostname}, which ran task "${task}", is gone: the managers do not hear of it any more. Its attempt does not count, whatever it still does; see docker node ls.`,
    { retryable: true },
  );
}

function ended(task: string, what: string): Stop {
  return failure(
    "SCANFLOW_ATTEMPT_LOST",
    `The attempt of task "${task}" is lost: ${what}. See docker node ls, then retry the run.`,
    { retryable: true },
  );
}

function over(reason: Stop): TaskSight {
  return { kind: "over", reason };
}
