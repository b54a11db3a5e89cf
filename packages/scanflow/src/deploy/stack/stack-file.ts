import { standingServices } from "../service-plan.ts";
import type { Deployment, ExportedFile } from "../target.ts";
import { engineService } from "./engine-service.ts";
import { networksOf } from "./networks.ts";
import type { StackConfig, StackService } from "./stack-service.ts";
import { standingService } from "./standing-service.ts";
import { trackerServices } from "./tracker-service.ts";

/** A stack file as plain data: version 3.8 of the schema, which every Docker since 19.03 reads. */
export interface StackFile {
  readonly version: "3.8";
  readonly services: Readonly<Record<string, StackService>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, { readonly external: true }>>;
  readonly configs?: Readonly<Record<string, StackConfig>>;
}

interface Written {
  readonly file: StackFile;
  /** What the configs of the file are read from. */
  readonly configs: readonly ExportedFile[];
}

/** The stack of a deployment: the engine, the trackers, and the services that stand by themselves. */
export function stackFile(deployment: Deployment): Written {
  const standing = standingServices(deployment.workflows).map((each) => standingService(each, deployment));
  const trackers = trackerServices(deployment);
  const engine = engineService(deployment, trackers);
  const services = {
    ...engine,
    ...trackers.services,
    ...Object.assign({}, ...standing.map(({ service }) => service)),
  };
  const secrets = [...new Set(Object.values<StackService>(services).flatMap(secretsOf))].toSorted();
  const configs = standing.flatMap((each) => each.configs);
  return {
    file: {
      version: "3.8",
      services,
      networks: networksOf(Object.values(services)),
      ...(Object.keys(engine).length > 0 && { volumes: { state: {} } }),
      ...(secrets.length > 0 && {
        secrets: Object.fromEntries(secrets.map((name) => [name, { external: true as const }])),
      }),
      ...(configs.length > 0 && {
        configs: Object.fromEntries(configs.map(({ key, config }) => [key, config])),
      }),
    },
    configs: configs.map(({ exported }) => exported),
  };
}

function secretsOf({ secrets = [] }: StackService): readonly string[] {
  return secrets.map(({ source }) => source);
}
