import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type JsonObject, ScanflowError } from "@scanflow/core";
import { type ContainerDetails, removeContainer } from "../../docker/index.ts";
import { markCollected } from "../contract/collected.ts";
import { remoteCommand } from "../contract/remote-command.ts";
import type { Frame } from "../frame.ts";
import type { Admission, RemoteCommand } from "../gateway.ts";
import { notebookDefinition, notebookOutput } from "../notebook/notebook-program.ts";
import type { AttemptSpec } from "../runner.ts";
import { openFolder } from "./container-folder.ts";
import { servicePlaces, watchContainers } from "./container-service.ts";
import { containerSettings } from "./container-settings.ts";
import { userText } from "./daemon.ts";
import type { DockerShop } from "./docker-shop.ts";
import { followContainers, type RunningContainers } from "./follow-containers.ts";
import { connectTo } from "./followed-container.ts";
import type { GroupNetwork } from "./group-networks.ts";
import { dockerName } from "./labels.ts";
import { launch } from "./launch.ts";
import { admit, doorOf } from "./passes.ts";
import { relink } from "./relink.ts";
import type { TaskImage } from "./task-images.ts";

/** Runs a task in a container of its own and gives the result that it left. */
export async function runContainer(frame: Frame<DockerShop>): Promise<JsonObject> {
  const { attempt, workshop, log } = frame;
  const { spec } = attempt;
  checkNotebook(spec);
  const image = await attempt.unlessStopped(workshop.images.need(attempt, log));
  const network = await attempt.unlessStopped(workshop.networks.need(spec));
  const admission = admit(network, spec);
  try {
    const command = commandOf(frame, image, admission);
    for (const name of command.leftOut) {
      log.note(`${name} is too long for an environment variable and is not set: read SCANFLOW_PARAMS_FILE`);
    }
    openFolder(spec, command, workshop.user);
    attempt.checkStopped();
    const { user, daemon, ownerLabel: owner, state, logLimit } = workshop;
    const options = {
      ...{ command, owner, state, logLimit, image: image.ref, user: userText(user, daemon) },
      ...{ network: network.name, hosts: network.hosts, cpus: daemon.info.NCPU },
    };
    const services = servicePlaces(spec);
    const settings =
      services.length === 0
        ? [containerSettings(spec, options)]
        : services.map((service) => containerSettings(spec, { ...options, service }));
    const name = dockerName(spec.run, spec.task, String(spec.attempt));
    return await follow(frame, network, await launch(frame, { name, settings, command }));
  } finally {
    admission?.revoke();
    addNotebook(frame);
  }
}

/** Goes on with the containers of an attempt that an earlier owner started. */
export async function adoptContainers(
  frame: Frame<DockerShop>,
  found: readonly ContainerDetails[],
): Promise<JsonObject> {
  const { attempt, workshop, log } = frame;
  const { spec } = attempt;
  const { docker } = workshop.daemon;
  const [first] = found;
  if (!first) throw new TypeError("no container to go on with");
  const was = doorOf(first.Config.Env ?? []);
  const network = await attempt.unlessStopped(workshop.networks.need(spec, was.port));
  const admission = admit(network, spec, was.bearer);
  try {
    const image = first.Config.Image;
    const command = commandOf(frame, { ref: image, shim: null }, admission);
    log.note("the process that ran Scanflow ended, and this attempt went on: what it wrote so far follows");
    const containers = await Promise.all(found.map((one) => connectTo(docker, one)));
    const since = Date.parse(first.State.StartedAt);
    return await follow(frame, network, { containers, command, image, since });
  } finally {
    admission?.revoke();
    addNotebook(frame);
  }
}

async function follow(
  frame: Frame<DockerShop>,
  network: GroupNetwork,
  running: RunningContainers,
): Promise<JsonObject> {
  const { attempt, workshop } = frame;
  const ids = running.containers.map(({ id }) => id);
  const over = watchContainers(frame, network, ids);
  const { workdir } = attempt.spec;
  try {
    const result = await followContainers(frame, running);
    relink(workdir, Object.values(frame.places.outputs));
    return result;
  } finally {
    // However it ended: its folder is emptied or removed from here on.
    markCollected(workdir);
    over();
    for (const id of ids) workshop.aside(removeContainer(workshop.daemon.docker, id));
  }
}

function commandOf(
  { attempt, secrets }: Frame<DockerShop>,
  { shim }: TaskImage,
  admission: Admission | null,
): RemoteCommand {
  const tracking = admission?.variables ?? {};
  return remoteCommand(attempt.spec, { secrets, tracking, ...(shim && { shim }) });
}

function checkNotebook({ command, root, task }: AttemptSpec): void {
  if (command.kind !== "notebook") return;
  const source = resolve(root, command.notebook);
  if (existsSync(source)) return;
  throw new ScanflowError(
    "SCANFLOW_NOTEBOOK_INVALID",
    `The notebook of task "${task}" ${command.notebook} is not there (${source}). Correct its path, which is relative to the config's folder.`,
  );
}

/** A notebook is kept as it was run, also where no output is declared for it. */
function addNotebook({ attempt, extraOutputs }: Frame<DockerShop>): void {
  const { command, outputs, task, workdir } = attempt.spec;
  if (command.kind !== "notebook" || outputs[notebookOutput] !== undefined) return;
  const path = join(workdir, "notebook", notebookDefinition.path);
  extraOutputs.push({ task, name: notebookOutput, definition: notebookDefinition, path });
}
