export type { ArtifactAccess } from "./artifact-access.ts";
export { type CodeSpec, codeFiles } from "./code/code-files.ts";
export { moduleFiles } from "./code/module-files.ts";
export { containerSite, type Site, type SitePlaces, sitePlaces } from "./contract/places.ts";
export { type RemoteOptions, remoteCommand } from "./contract/remote-command.ts";
export type {
  Admission,
  Door,
  DoorOptions,
  Gateway,
  Offer,
  OfferedAttempt,
  Pass,
  RemoteCommand,
} from "./gateway.ts";
export { type ProcessRunnerOptions, processRunner } from "./process-runner.ts";
export { type KnownVersions, pythonVersion } from "./python/python-version.ts";
export type {
  AttemptListener,
  AttemptOutcome,
  AttemptPlace,
  AttemptSpec,
  LoggedBatch,
  Runner,
  RunningAttempt,
} from "./runner.ts";
export type { Step, StepContext } from "./step.ts";
