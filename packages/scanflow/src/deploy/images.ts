import { createHash } from "node:crypto";
import type { Environment } from "@scanflow/core";
import { ownVersion } from "../own-version.ts";
import type { DeployImages } from "./target.ts";

/** The names of images, with what is put before those that are ours. */
export function deployImages(registry: string | undefined): DeployImages {
  const prefix = registry === undefined ? "" : `${registry}/`;
  const scanflow = `${prefix}scanflow/scanflow:${ownVersion}`;
  return {
    scanflow,
    of: ({ environment }) => {
      if (environment.kind === "host") return scanflow;
      return environment.kind === "image" ? environment.image : `${prefix}${builtName(environment)}`;
    },
  };
}

function builtName(environment: Environment): string {
  const digest = createHash("sha256").update(JSON.stringify(environment)).digest("hex").slice(0, 12);
  return `scanflow/${environment.kind}:${digest}`;
}
