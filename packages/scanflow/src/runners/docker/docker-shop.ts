import type { Bench } from "../workshop.ts";
import type { ContainerUser } from "./container-folder.ts";
import type { Daemon } from "./daemon.ts";
import type { GroupNetworks } from "./group-networks.ts";
import type { Labels } from "./labels.ts";
import type { TaskImages } from "./task-images.ts";

/** What all attempts of a Docker runner share, once the daemon is connected. */
export interface DockerShop extends Bench {
  readonly daemon: Daemon;
  readonly images: TaskImages;
  readonly networks: GroupNetworks;
  /** By which everything is found that this owner made. */
  readonly ownerLabel: Labels;
  readonly user: ContainerUser;
  /** The state folder (absolute). */
  readonly state: string;
  /** Takes care of something that need not be waited for, such as the removal of a container. */
  readonly aside: (work: Promise<unknown>) => void;
}
