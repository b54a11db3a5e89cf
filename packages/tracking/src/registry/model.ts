import type { KeyValue } from "../context.ts";
import { invalid, missing } from "../refusal.ts";
import { limits } from "../validation/limits.ts";
import { checkLength, checkPathUnique } from "../validation/names.ts";

export interface Alias {
  readonly alias: string;
  readonly version: number;
}

/** A registered model. Times are in milliseconds since 1970. */
export interface Model {
  readonly name: string;
  readonly description: string | undefined;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: readonly KeyValue[];
  readonly aliases: readonly Alias[];
  /** The newest version of each stage. */
  readonly latestVersions: readonly Version[];
}

export const stages = ["None", "Staging", "Production", "Archived"] as const;
export type Stage = (typeof stages)[number];

export interface Version {
  readonly name: string;
  readonly version: number;
  readonly description: string | undefined;
  readonly userId: string | undefined;
  readonly stage: Stage;
  readonly source: string;
  /** Where clients read the model from. */
  readonly storageLocation: string;
  readonly runId: string | undefined;
  readonly runLink: string | undefined;
  readonly modelId: string | undefined;
  readonly status: string;
  readonly statusMessage: string | undefined;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: readonly KeyValue[];
  readonly aliases: readonly string[];
}

/** The stage of a version that was deleted; its number is never given again. */
export const deletedStage = "Deleted_Internal";

export function checkModelName(name: string, parameter = "name"): void {
  if (name.trim() === "") throw invalid(`Missing value for required parameter '${parameter}'.`);
  if (/[/:]/.test(name)) {
    throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  }
  checkPathUnique(name, "name");
}

/** The number of a version, which the protocol sends as text. */
export function parseVersion(version: string): number {
  const number = Number(version);
  if (/^\s*[+-]?\d+\s*$/.test(version) && Number.isSafeInteger(number)) return number;
  throw invalid(`Parameter 'version' must be an integer, got '${version}'.`);
}

export function parseStage(stage: string): Stage {
  const found = stages.find((one) => one.toLowerCase() === stage.toLowerCase());
  if (found) return found;
  throw invalid(`Invalid Model Version stage: ${stage}. Value must be one of ${stages.join(", ")}.`);
}

export function checkAlias(alias: string): void {
  if (alias === "") throw invalid("Registered model alias name cannot be empty.");
  if (!/^[\p{L}\p{N}\p{M}_-]*$/u.test(alias)) {
    throw invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  checkLength(alias, limits.alias, "Registered model alias name");
}

export function checkAliasFree(alias: string): void {
  if (alias.toLowerCase() === "latest") {
    throw invalid("'latest' alias name (case insensitive) is reserved.");
  }
  if (/^[vV]\d+$/.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
}

export function modelMissing(name: string): Error {
  return missing(`Registered Model with name=${name} not found`);
}

export function versionMissing(name: string, version: number | string): Error {
  return missing(`Model Version (name=${name}, version=${version}) not found`);
}
