import type { Docker } from "./docker.ts";

/** What a daemon says of itself (Engine API, SystemInfo), as far as it is used. */
export interface DockerInfo {
  readonly ID: string;
  readonly Name: string;
  readonly ServerVersion: string;
  readonly OSType: string;
  /** As the machine calls it, such as `x86_64`. */
  readonly Architecture: string;
  readonly NCPU: number;
  /** In bytes. */
  readonly MemTotal: number;
  readonly Driver: string;
  readonly CgroupVersion?: string;
  readonly CgroupDriver: string;
  readonly SecurityOptions: readonly string[] | null;
  readonly Runtimes?: Readonly<Record<string, unknown>>;
  readonly Swarm: {
    readonly LocalNodeState: string;
    readonly ControlAvailable?: boolean;
    readonly NodeID?: string;
    /** The address by which the other nodes reach this one. */
    readonly NodeAddr?: string;
  };
}

export function dockerInfo(docker: Docker): Promise<DockerInfo> {
  return docker.json({ method: "GET", path: "/info", what: "tell about itself" });
}
