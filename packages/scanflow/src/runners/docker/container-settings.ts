import { join } from "node:path";
import type { ContainerSettings, HostSettings } from "../../docker/index.ts";
import { containerSite } from "../contract/places.ts";
import type { RemoteCommand } from "../gateway.ts";
import type { AttemptSpec } from "../runner.ts";
import { attemptLabels, type Labels } from "./labels.ts";
import { limitsOf } from "./limits.ts";

export interface SettingsOptions {
  readonly command: RemoteCommand;
  readonly image: string;
  /** `uid:gid` */
  readonly user: string;
  readonly owner: Labels;
  /** Name of the network. */
  readonly network: string;
  /** `name:address` lines for its `/etc/hosts`. */
  readonly hosts: readonly string[];
  /** Cores of the daemon's machine. */
  readonly cpus: number;
  /** Most bytes of log kept of an attempt. */
  readonly logLimit: number;
  /** The state folder (absolute), which stays hidden. */
  readonly state: string;
  /** How a service is reached; absent: it is none. */
  readonly service?: ServicePlace;
}

export interface ServicePlace {
  /** Its name in the network. */
  readonly alias: string;
  /** In the container. */
  readonly port: number;
  /** On this machine's loopback address; 0: a free one. null: not published. */
  readonly published: number | null;
}

/** The container of an attempt. The application and the inputs can only be read, and nothing else of the machine is seen. */
export function containerSettings(spec: AttemptSpec, options: SettingsOptions): ContainerSettings {
  const { command, image, user, owner, network, service } = options;
  const variables = { HOME: "/tmp", ...command.variables };
  return {
    Image: image,
    // The image's own entry point would get the command as its arguments.
    Entrypoint: [command.file],
    Cmd: command.args,
    Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    User: user,
    WorkingDir: containerSite.root,
    Labels: { ...owner, ...attemptLabels(spec) },
    StopSignal: "SIGTERM",
    HostConfig: hostSettings(spec, options),
    NetworkingConfig: { EndpointsConfig: { [network]: service ? { Aliases: [service.alias] } : {} } },
    ...(service && { ExposedPorts: { [`${service.port}/tcp`]: {} } }),
  };
}

function hostSettings(
  spec: AttemptSpec,
  { network, hosts, cpus, state, logLimit, service }: SettingsOptions,
): HostSettings {
  const { workdir, root, checkpoint, resources } = spec;
  const { folder } = containerSite;
  const onDisk = (resources?.storage ?? 0) > 0;
  const writable = "rw,exec,nosuid,nodev,mode=1777";
  const bind = (Source: string, Target: string, ReadOnly = false) =>
    ({ Type: "bind", Source, Target, ReadOnly }) as const;
  return {
    NetworkMode: network,
    ExtraHosts: hosts,
    ...(service && portsOf(service)),
    Mounts: [
      bind(root, containerSite.root, true),
      bind(workdir, folder),
      bind(join(workdir, "inputs"), join(folder, "inputs"), true),
      bind(checkpoint, join(folder, "checkpoint")),
      // What asks for scratch space may need more of it than there is memory.
      ...(onDisk ? [bind(join(workdir, "tmp"), "/tmp")] : []),
    ],
    Tmpfs: {
      ...(state.startsWith(`${root}/`) && {
        [join(containerSite.root, state.slice(root.length))]: "ro,size=4k,mode=0500",
      }),
      ...(!onDisk && { "/tmp": writable }),
    },
    ReadonlyRootfs: true,
    // So that a signal ends a command that does not think of signals, and nothing that it leaves becomes a zombie.
    Init: true,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
    LogConfig: logConfig(logLimit),
    ...limitsOf(resources, cpus),
  };
}

/**
 * What the daemon keeps of the output is read when a container is followed anew: all that the attempt's log takes, in
 * lines of JSON. Without limits of our own those of the daemon's settings would hold: none, or too few.
 */
function logConfig(limit: number): NonNullable<HostSettings["LogConfig"]> {
  return { Type: "json-file", Config: { "max-size": String(2 * limit), "max-file": "2" } };
}

function portsOf({ port, published }: ServicePlace): HostSettings {
  if (published === null) return {};
  const HostPort = published === 0 ? "" : String(published);
  return { PortBindings: { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort }] } };
}
