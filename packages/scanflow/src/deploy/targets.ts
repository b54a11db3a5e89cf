import { nearest, ScanflowError } from "@scanflow/core";
import type { Target, TargetName } from "./target.ts";

/** Every target, loaded when it is asked for. */
const targets: Readonly<Partial<Record<TargetName, () => Promise<Target>>>> = {
  argo: async () => (await import("./argo/argo.ts")).argo,
  compose: async () => (await import("./compose/compose.ts")).compose,
  kubernetes: async () => (await import("./kubernetes/kubernetes.ts")).kubernetes,
  stack: async () => (await import("./stack/stack.ts")).stack,
  kserve: async () => (await import("./kserve/kserve.ts")).kserve,
};

/** Errors: SCANFLOW_TARGET_UNKNOWN. */
export async function targetNamed(name: string): Promise<Target> {
  const found = Object.entries(targets).find(([key]) => key === name);
  if (found) return found[1]();
  const names = Object.keys(targets);
  const meant = nearest(name, names);
  throw new ScanflowError(
    "SCANFLOW_TARGET_UNKNOWN",
    `There is no target ${JSON.stringify(name)}${meant ? `; did you mean ${meant}?` : "."} Name one of: ${names.join(", ")}.`,
  );
}
