import {
  attachContainer,
  type ContainerSettings,
  createContainer,
  removeContainer,
  startContainer,
  waitForContainer,
} from "../../docker/index.ts";
import type { Frame } from "../frame.ts";
import { startFailed } from "./container-exit.ts";
import type { DockerShop } from "./docker-shop.ts";
import type { RunningContainers } from "./follow-containers.ts";

export interface Launch {
  readonly name: string;
  /** Of each replica, the first of which may differ from the others. */
  readonly settings: readonly ContainerSettings[];
  readonly command: RunningContainers["command"];
}

/** Starts containers and leaves none behind when one of them cannot be. Throws what `startFailed` makes of it. */
export async function launch(
  frame: Frame<DockerShop>,
  { name, settings, command }: Launch,
): Promise<RunningContainers> {
  const { attempt, workshop } = frame;
  const { docker } = workshop.daemon;
  const ids: string[] = [];
  const containers: RunningContainers["containers"][number][] = [];
  const image = settings[0]?.Image ?? "";
  try {
    for (const [replica, one] of settings.entries()) {
      const id = await createContainer(docker, replica === 0 ? name : `${name}-${replica + 1}`, one);
      ids.push(id);
      attempt.checkStopped();
      const [output, { exit }] = await Promise.all([
        attachContainer(docker, id),
        waitForContainer(docker, id, { condition: "next-exit" }),
      ]);
      containers.push({ id, output, isLog: false, exit });
      // Looked at once all have started.
      exit.catch(() => undefined);
      attempt.checkStopped();
      await startContainer(docker, id);
    }
    return { containers, command, image, since: Date.now() };
  } catch (error) {
    for (const { output } of containers) output.destroy();
    for (const id of ids) workshop.aside(removeContainer(docker, id));
    throw startFailed(error, attempt.spec, { command, image });
  }
}
