import type { Admission } from "../gateway.ts";
import type { AttemptSpec } from "../runner.ts";
import type { GroupNetwork } from "./group-networks.ts";

/** Lets an attempt speak to its tracker run; null without a gateway. `bearer`: the token that it was given before. */
export function admit({ door }: GroupNetwork, spec: AttemptSpec, bearer?: string): Admission | null {
  if (door === null) return null;
  const { run, task, attempt, token, workdir, tracking } = spec;
  return door.admit({
    ...{ run, task, attempt, token, workdir, tracking },
    ...(bearer !== undefined && { bearer }),
  });
}

/** How a container that runs was told to reach its owner, from its variables. */
export function doorOf(variables: readonly string[]): { readonly port?: number; readonly bearer?: string } {
  const value = (name: string) =>
    variables.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
  const port = /^https?:\/\/[^/]*:(\d+)/.exec(value("MLFLOW_TRACKING_URI") ?? "")?.[1];
  const bearer = value("MLFLOW_TRACKING_TOKEN");
  return { ...(port && { port: Number(port) }), ...(bearer && { bearer }) };
}
