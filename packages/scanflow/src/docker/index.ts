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
export { findAuth, type RegistryAuth, registryOf } from "./credentials.ts";
export { Docker, type DockerCall, type DockerOptions } from "./docker.ts";
export { DockerError, hasStatus } from "./docker-error.ts";
export { endpointText, findEndpoint } from "./endpoint.ts";
export {
  type BuildOptions,
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
export { LogFrames, type LogStreamName } from "./log-frames.ts";
export { type DockerMessage, followWork, readMessages } from "./messages.ts";
export { inspectNetwork, listNetworks, type NetworkDetails, needNetwork, removeNetwork } from "./networks.ts";
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
} from "./services.ts";
export { type DockerInfo, dockerInfo } from "./system.ts";
export { listVolumes, needVolume, removeVolume } from "./volumes.ts";
