import type { AttemptSpec } from "../runner.ts";

/** Where a service is to listen: `SCANFLOW_HOST` and `SCANFLOW_PORT`. */
export interface Listening {
  readonly host: string;
  readonly port: number;
}

/** In a container, which has its ports to itself; undefined: it is no service. */
export function listeningInContainer({ service }: Pick<AttemptSpec, "service">): Listening | undefined {
  return service && { host: "0.0.0.0", port: service.port ?? 8080 };
}
