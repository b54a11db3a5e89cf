import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type JsonObject, ScanflowError } from "@scanflow/core";
import {
  attachContainer,
  type ContainerDetails,
  containerLogs,
  createContainer,
  removeContainer,
  startContainer,
  waitForContainer,
} from "../../docker/index.ts";
import { remoteCommand } from "../contract/remote-command.ts";
import type { Frame } from "../frame.ts";
import type { Admission, RemoteCommand } from "../gateway.ts";
import { notebookDefinition, notebookOutput } from "../notebook/notebook-program.ts";
import type { AttemptSpec } from "../runner.ts";
import { startFailed } from "./container-exit.ts";
import { openFolder } from "./container-folder.ts";
import { containerSettings } from "./container-settings.ts";
import { userText } from "./daemon.ts";
import type { DockerShop } from "./docker-shop.ts";
import { followContainer } from "./follow-container.ts";
import { dockerName } from "./labels.ts";
import { admit, doorOf } from "./passes.ts";
import type { TaskImage } from "./task-images.ts";

/** Runs a task in a container of its own and gives the result that it left. */
export async function runContainer(frame: Frame<DockerShop>): Promise<JsonObject> {
  const { attempt, workshop, log } = frame;
  const { spec } = attempt;
  checkNotebook(spec);
  const { docker, info } = workshop.daemon;
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
    const settings = containerSettings(spec, {
      command,
      image: image.ref,
      user: userText(workshop.user, workshop.daemon),
      owner: workshop.ownerLabel,
      network: network.name,
      hosts: network.hosts,
      cpus: info.NCPU,
      state: workshop.state,
    });
    const name = dockerName(spec.run, spec.task, String(spec.attempt));
    const id = await createContainer(docker, name, settings);
    try {
      const [output, { exit }] = await Promise.all([
        attachContainer(docker, id),
        waitForContainer(docker, id, { condition: "next-exit" }),
      ]);
      // Looked at once it has started.
      exit.catch(() => undefined);
      attempt.checkStopped();
      await startContainer(docker, id).catch((error: unknown) => {
        output.destroy();
        throw startFailed(error, spec, { command, image: image.ref });
      });
      return await followContainer(frame, { id, command, image: image.ref, output, exit, since: Date.now() });
    } finally {
      workshop.aside(removeContainer(docker, id));
    }
  } finally {
    admission?.revoke();
    addNotebook(frame);
  }
}

/** Goes on with a container that an earlier owner started. */
export async function adoptContainer(
  frame: Frame<DockerShop>,
  { Id: id, State, Config }: ContainerDetails,
): Promise<JsonObject> {
  const { attempt, workshop, log } = frame;
  const { spec } = attempt;
  const { docker } = workshop.daemon;
  const was = doorOf(Config.Env ?? []);
  const network = await attempt.unlessStopped(workshop.networks.need(spec, was.port));
  const admission = admit(network, spec, was.bearer);
  try {
    const command = commandOf(frame, { ref: Config.Image, shim: null }, admission);
    log.note("the process that ran Scanflow ended, and this attempt went on: what it wrote so far follows");
    const { exit } = await waitForContainer(docker, id);
    exit.catch(() => undefined);
    const output = await containerLogs(docker, id, { follow: State.Running });
    const since = Date.parse(State.StartedAt);
    return await followContainer(frame, { id, command, image: Config.Image, output, exit, since });
  } finally {
    admission?.revoke();
    addNotebook(frame);
    workshop.aside(removeContainer(docker, id));
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
