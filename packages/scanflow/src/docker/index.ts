export {
  attachContainer,
  type ContainerDetails,
  type ContainerSettings,
  type ContainerSummary,
  containerLogs,
  createContainer,
  type HostSettings,
  inspectContainer,
  killContainer,
  listContainers,
  removeContainer,
  startContainer,
  waitForContainer,
} from "./containers.ts";
export { configOf, findAuth, listAuths, type RegistryAuth, registryOf } from "./credentials.ts";
export { Docker } from "./docker.ts";
export { DockerError, hasStatus } from "./docker-error.ts";
export { endpointText } from "./endpoint.ts";
export {
  buildImage,
  type ImageDetails,
  inspectImage,
  listImages,
  loadImages,
  pullImage,
  pushImage,
  removeImage,
  saveImages,
  tagImage,
} from "./images.ts";
export { LogFrames } from "./log-frames.ts";
export { inspectNetwork, listNetworks, needNetwork, removeNetwork } from "./networks.ts";
export {
  createService,
  listNodes,
  listServices,
  listTasks,
  removeService,
  type ServiceDetails,
  type ServiceMount,
  type ServiceSettings,
  type SwarmNode,
  type SwarmTask,
  servicesThere,
} from "./services.ts";
export { type DockerInfo, dockerInfo } from "./system.ts";
export { listVolumes, needVolume, removeVolume } from "./volumes.ts";
