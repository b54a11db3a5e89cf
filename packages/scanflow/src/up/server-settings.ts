import { hash } from "node:crypto";
import type { ContainerSettings, HostSettings } from "../docker/index.ts";

/** What the server's container is made from. */
export interface ServerPlan {
  readonly application: string;
  /** The application's folder and its state (both absolute): they have the same paths in the container. */
  readonly root: string;
  readonly state: string;
  readonly image: string;
  readonly port: number;
  /** `DOCKER_HOST` in the container. */
  readonly dockerHost: string;
  /** Of the daemon's socket, and the group that may use it; null: it is reached over the network. */
  readonly socket: { readonly path: string; readonly gid: number } | null;
  readonly user: { readonly uid: number; readonly gid: number };
  /** Further folders of this machine that it reads (absolute), such as one with secrets; they have the same paths there. */
  readonly folders: readonly string[];
  /** Variables of this machine that it needs, such as secrets of tasks. */
  readonly variables: Readonly<Record<string, string>>;
}

/** By which the server of a state folder is found. */
export function serverLabels(state: string): Record<string, string> {
  return { "org.scanflow.server": stateDigest(state) };
}

export function stateDigest(state: string): string {
  return hash("sha256", state).slice(0, 16);
}

/** Says which plan a container was made from. */
const planLabel = "org.scanflow.server-plan";

export function planOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels[planLabel];
}

/** What differs between two plans tells that the container has to be made anew. */
export function planDigest(plan: ServerPlan): string {
  return hash("sha256", JSON.stringify(plan)).slice(0, 16);
}

/**
 * The container of the server. It shares the machine's network, so that it listens on 127.0.0.1 as it would outside and
 * the containers of tasks reach it; of the machine's files it sees the application, to be read, and its state.
 */
export function serverSettings(plan: ServerPlan): ContainerSettings {
  const { root, state, port, image, user, application } = plan;
  const variables = {
    HOME: "/tmp",
    SCANFLOW_ON: "docker",
    SCANFLOW_STATE_DIR: state,
    DOCKER_HOST: plan.dockerHost,
    ...plan.variables,
  };
  return {
    Image: image,
    Entrypoint: ["scanflow"],
    Cmd: ["-C", root, "up", "--port", String(port)],
    Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    User: `${user.uid}:${user.gid}`,
    WorkingDir: root,
    StopSignal: "SIGTERM",
    Labels: {
      ...serverLabels(state),
      [planLabel]: planDigest(plan),
      "org.scanflow.application": application,
    },
    HostConfig: hostSettings(plan),
  };
}

function hostSettings({ root, state, socket, user, folders }: ServerPlan): HostSettings {
  const bind = (path: string, ReadOnly: boolean) =>
    ({ Type: "bind", Source: path, Target: path, ReadOnly }) as const;
  return {
    NetworkMode: "host",
    Mounts: [
      bind(root, true),
      bind(state, false),
      ...folders.map((folder) => bind(folder, true)),
      ...(socket ? [bind(socket.path, false)] : []),
    ],
    Tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777" },
    ReadonlyRootfs: true,
    Init: true,
    CapDrop: ["ALL"],
    // Root gives the folders of attempts to the user that their containers run as.
    ...(user.uid === 0 && { CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER"] }),
    ...(socket && { GroupAdd: [String(socket.gid)] }),
    SecurityOpt: ["no-new-privileges"],
    RestartPolicy: { Name: "unless-stopped" },
  };
}
