import type { OwnerOptions } from "../server/index.ts";

/** What `--device` and `--cpus` say about the machine. */
export function ownerOptions({
  device: kind,
  cpus,
}: {
  readonly device?: string | undefined;
  readonly cpus?: number | undefined;
}): Pick<OwnerOptions, "device" | "capacity"> {
  return {
    ...(kind === undefined ? {} : { device: { kind } }),
    ...(cpus === undefined ? {} : { capacity: { cpu: cpus } }),
  };
}
