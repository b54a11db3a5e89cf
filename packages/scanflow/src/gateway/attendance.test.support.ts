import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "../runners/outcome.ts";
import { type GatewayBench, gatewayBench, type Offered } from "./gateway.test.support.ts";
import type { GatewayOptions } from "./gateway.ts";

export const failed = failure("SCANFLOW_TASK_FAILED", "it failed", { retryable: true });
export const exited = { code: 3, signal: null, outOfMemory: false };

export interface Attended extends Offered {
  readonly bench: GatewayBench;
  /** Where the command has its checkpoint, and where the owner keeps it. */
  readonly there: string;
  readonly here: string;
  /** Starts the attendant, and another when it is called again. */
  attend(variables?: Readonly<Record<string, string>>): ReturnType<GatewayBench["shim"]>;
}

export async function attended(
  options: Partial<GatewayOptions> = {},
  spec: Parameters<GatewayBench["offer"]>[0] = {},
): Promise<Attended> {
  const bench = await gatewayBench({ checkpointMs: 200, ...options });
  const offered = bench.offer(spec, { runs: false, attended: true });
  const there = join(bench.site.folder, "checkpoint");
  const tmp = join(bench.site.folder, "../tmp");
  for (const folder of [there, tmp]) await mkdir(folder, { recursive: true });
  const { variables, attendToken } = offered.attempt;
  return {
    ...offered,
    bench,
    there,
    here: offered.spec.checkpoint,
    attend: (more = {}) =>
      bench.shim(["attend"], {
        ...variables,
        SCANFLOW_GATEWAY_TOKEN: attendToken ?? "",
        TMPDIR: tmp,
        ...more,
      }),
  };
}

export const textIn = (folder: string, path: string) =>
  readFile(join(folder, path), "utf8").catch(() => undefined);
