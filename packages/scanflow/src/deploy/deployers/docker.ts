import { parse } from "yaml";
import { platformName } from "../../platform-name.ts";
import type { Deployer, Placed, Question, Refusal, Step } from "./deployer.ts";

const install = "Install Docker Engine with its command line (docs.docker.com/engine/install)";

const daemon: Question = {
  words: ["docker", "version", "--format", "{{.Server.Version}}"],
  judge: ({ code, stderr }) => {
    if (code === 0) return undefined;
    const denied = /permission denied/i.test(stderr);
    const advice = denied
      ? "Join the group that owns its socket and log in again"
      : "Start it, or name another with DOCKER_HOST or docker context use";
    return {
      code: denied ? "SCANFLOW_DOCKER_DENIED" : "SCANFLOW_DOCKER_UNREACHABLE",
      message: `No Docker daemon answers: ${firstLine(stderr)}. ${advice}.`,
    };
  },
};

/** Docker Compose: the project of one workflow, the main one unless another is named. */
export const composeDeployer: Deployer = {
  tool: "docker",
  install,
  before: (placed) => [daemon, composePlugin, ...imagesOf(placed)],
  up: (placed) => [{ words: [...compose(placed), "up", "--detach", "--remove-orphans"] }],
  down: (placed, { volumes }) => [
    {
      // By the project's name alone: the files may be others by now, or gone.
      words: [
        ...["docker", "compose", "--project-name", projectOf(placed)],
        ...["down", "--remove-orphans", ...(volumes ? ["--volumes"] : [])],
      ],
    },
  ],
  left: (placed) => leftBy(`com.docker.compose.project=${projectOf(placed)}`),
};

const composePlugin: Question = {
  words: ["docker", "compose", "version", "--short"],
  judge: ({ code }) =>
    code === 0
      ? undefined
      : {
          code: "SCANFLOW_DEPLOY_TOOL",
          message:
            'There is no "docker compose" of version 2 here. Install the plug-in docker-compose-plugin (docs.docker.com/compose/install).',
        },
};

function compose({ folder }: Placed): readonly string[] {
  return ["docker", "compose", "--file", `${folder}/compose.yaml`];
}

interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, { readonly image?: string }>>;
}

/** The main project, or that of the workflow that was named. */
function projectIn({ files }: Placed): Project {
  const main = files.find(({ path }) => path === "compose.yaml");
  return parse(main?.text ?? "{}") as Project;
}

function projectOf(placed: Placed): string {
  return projectIn(placed).name;
}

/** Images that no registry has must be there: Compose would look for them elsewhere, in vain. */
function imagesOf(placed: Placed): readonly Question[] {
  if (placed.deployment.options.registry !== undefined) return [];
  const { services } = projectIn(placed);
  const images = [...new Set(Object.values(services).flatMap(({ image }) => image ?? []))].filter((image) =>
    image.startsWith("scanflow/"),
  );
  return images.map((image) => ({
    bringing: true,
    words: ["docker", "image", "inspect", "--format", "{{.Id}}", image],
    judge: ({ code }) =>
      code === 0
        ? undefined
        : {
            code: "SCANFLOW_IMAGE_MISSING",
            message: `The image ${image} is not on this Docker daemon. Build it with "scanflow build --shim", or name the registry that has it with --registry.`,
          },
  }));
}

/** Swarm: one stack for the application. */
export const stackDeployer: Deployer = {
  tool: "docker",
  install,
  before: () => [daemon, manager],
  up: (placed) => [
    {
      words: [
        ...["docker", "stack", "deploy", "--detach=true"],
        ...(placed.deployment.options.registry === undefined
          ? ["--resolve-image", "never"]
          : ["--with-registry-auth"]),
        ...["--prune", "--compose-file", `${placed.folder}/stack.yaml`, stackName(placed)],
      ],
      variables: { SCANFLOW_APP: placed.root, ...socketOf(process.env.DOCKER_HOST) },
    },
  ],
  down: (placed) => [{ words: ["docker", "stack", "rm", stackName(placed)] }],
  // stack rm leaves them, and on every node its own.
  volumes: (placed) => ({
    list: { words: ["docker", "volume", "ls", "--quiet", ...filterOf(labelOf(placed))] },
    remove: ["docker", "volume", "rm"],
  }),
  left: (placed) => [
    ...leftBy(labelOf(placed)),
    { words: ["docker", "service", "ls", "--quiet", ...filterOf(labelOf(placed))] },
  ],
};

const manager: Question = {
  words: ["docker", "info", "--format", "{{.Swarm.ControlAvailable}}"],
  judge: ({ stdout }): Refusal | undefined =>
    stdout.trim() === "true"
      ? undefined
      : {
          code: "SCANFLOW_DEPLOY_PLATFORM",
          message:
            'This Docker daemon is no manager of a swarm. Make it one with "docker swarm init", or name a manager with DOCKER_HOST.',
        },
};

/** Of a daemon of this machine that listens elsewhere than most do. */
function socketOf(host = ""): Readonly<Record<string, string>> {
  const socket = host.startsWith("unix://") ? host.slice("unix://".length) : "";
  return socket === "" || socket === "/var/run/docker.sock" ? {} : { SCANFLOW_DOCKER_SOCKET: socket };
}

function stackName({ deployment }: Placed): string {
  return platformName(deployment.application);
}

function labelOf(placed: Placed): string {
  return `com.docker.stack.namespace=${stackName(placed)}`;
}

/** Containers and networks: what ends last. */
function leftBy(label: string): readonly Step[] {
  return [
    { words: ["docker", "ps", "--all", "--quiet", ...filterOf(label)] },
    { words: ["docker", "network", "ls", "--quiet", ...filterOf(label)] },
  ];
}

function filterOf(label: string): readonly string[] {
  return ["--filter", `label=${label}`];
}

function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").replace(/\.$/, "");
}
