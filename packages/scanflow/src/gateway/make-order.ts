import { type Site, sitePlaces } from "../runners/contract/places.ts";
import type { RemoteCommand } from "../runners/gateway.ts";
import type { AttemptSpec } from "../runners/runner.ts";
import { type Content, type Order, type OrderedOutput, protocolVersion } from "../shim/protocol.ts";
import { requestError } from "./refusal.ts";
import type { GatewayArtifacts } from "./send-content.ts";

export interface OrderOptions {
  readonly spec: AttemptSpec;
  readonly command: RemoteCommand;
  readonly site: Site;
  readonly token: string;
  readonly code: string | undefined;
  readonly graceMs: number;
  /** Whether an earlier attempt left a checkpoint that is to be brought. */
  readonly checkpoint: boolean;
  readonly artifacts: GatewayArtifacts;
  /** Outputs besides those that are declared. */
  readonly extra: readonly OrderedOutput[];
}

/** All that a shim has to know of an attempt. Throws what the store says of an artifact that is not there. */
export async function makeOrder(options: OrderOptions): Promise<Order> {
  const { spec, command, site, token, code, graceMs, checkpoint, artifacts, extra } = options;
  const { run, task, attempt } = spec;
  const places = sitePlaces(spec, site);
  const isStep = spec.command.kind === "module" || spec.command.kind === "check";
  return {
    version: protocolVersion,
    run,
    task,
    attempt,
    token,
    code: code === undefined ? null : await contentOf(artifacts, code),
    inputs: await Promise.all(
      Object.entries(places.inputs).map(async ([name, path]) => {
        return { name, path, ...(await contentOf(artifacts, spec.inputs[name] ?? "")) };
      }),
    ),
    outputs: [...Object.entries(places.outputs).map(([name, path]) => ({ name, path })), ...extra],
    command: {
      file: command.file,
      args: command.args,
      variables: command.variables,
      secret: spec.secrets.length > 0,
    },
    files: command.files,
    places: {
      result: places.result,
      heartbeat: places.heartbeat,
      checkpoint: places.checkpoint,
      logged: isStep ? places.logged : null,
    },
    checkpoint,
    root: site.root,
    folder: site.folder,
    graceMs,
  };
}

/** Kind and size of an artifact. Throws what the store says of one that is not there. */
export async function contentOf(artifacts: GatewayArtifacts, digest: string): Promise<Content> {
  const found = await artifacts.stat(digest);
  if (found) return { digest, kind: found.kind, size: found.size };
  // Says in the store's own words that it is missing.
  await artifacts.open(digest);
  throw requestError(`There is no artifact ${digest}`);
}
