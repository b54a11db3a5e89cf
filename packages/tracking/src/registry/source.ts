import type { Context } from "../context.ts";
import { decodings } from "../locations/decodings.ts";
import { containedPath } from "../locations/path.ts";
import { below, containedRoot } from "../locations/root.ts";
import { getLoggedModel } from "../logged-models/logged-models.ts";
import { invalid } from "../refusal.ts";
import type { RunIndex } from "../runs/run-index.ts";
import { limits } from "../validation/limits.ts";
import { checkLength } from "../validation/names.ts";
import { versionByAlias } from "./aliases.ts";
import { getVersion } from "./versions.ts";

export interface ResolvedSource {
  readonly source: string;
  readonly storageLocation: string;
  readonly runId: string | undefined;
  readonly modelId: string | undefined;
}

interface AskedSource {
  readonly source: string;
  readonly runId?: string | undefined;
  readonly modelId?: string | undefined;
  /** Prompts lie in their tags; clients give them a word as the source. */
  readonly ofPrompt?: boolean;
}

/** The words that clients give as the source of a prompt. */
const promptSources = new Set(["dummy-source", "prompt-template"]);

/** Schemes that clients read by themselves: the server hands such a source on and never opens it. */
const remoteSchemes = new Set(
  "s3 gs wasb wasbs abfs abfss adl dbfs hdfs viewfs r2 b2 oci hf http https ftp sftp databricks".split(" "),
);

/**
 * Says where a version's files lie. A source on this server must be inside the run or logged model that the
 * request names; a path of the server's own disk is refused, whatever it leads to.
 */
export async function resolveSource(
  context: Context,
  index: RunIndex,
  asked: AskedSource,
): Promise<ResolvedSource> {
  const { source, runId, modelId } = asked;
  checkLength(source, limits.modelSource, "source");
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(source)?.[1]?.toLowerCase();
  checkRelative(source);
  if (asked.ofPrompt) {
    if (promptSources.has(source)) return { source, storageLocation: source, runId, modelId };
    throw invalid(`Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`);
  }
  if (scheme === "models") return resolveModels(context, asked);
  if (scheme === "runs") return resolveRuns(index, asked);
  if (scheme === "mlflow-artifacts") {
    const root = containedRoot(source);
    if (modelId) {
      const model = await getLoggedModel(context, modelId);
      if (!isWithin(root, containedRoot(model.artifactUri))) throw notContained(source, "model_id");
      return { source, storageLocation: source, runId: runId ?? model.sourceRunId, modelId };
    }
    const run = runId ? await index.find(runId) : undefined;
    if (!isWithin(root, run?.root)) throw notContained(source, "run_id");
    return { source, storageLocation: source, runId, modelId };
  }
  if (scheme !== undefined && remoteSchemes.has(scheme))
    return { source, storageLocation: source, runId, modelId };
  throw invalid(
    `Invalid model version source: '${source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.`,
  );
}

/** `models:/m-<id>` is a logged model, `models:/name/3` and `models:/name@alias` are versions. */
async function resolveModels(
  context: Context,
  { source, runId, modelId }: AskedSource,
): Promise<ResolvedSource> {
  const path = /^models:\/([^/].*)$/i.exec(source)?.[1];
  if (path === undefined) throw notContained(source, "model_id");
  const [name = "", version, more] = path.split("/");
  if (version === undefined && /^m-/.test(name)) {
    if (modelId && modelId !== name) throw notContained(source, "model_id");
    const model = await getLoggedModel(context, name);
    return { source, storageLocation: model.artifactUri, runId: runId ?? model.sourceRunId, modelId: name };
  }
  const [aliased = "", alias] = name.split("@");
  if (more !== undefined || (version === undefined && alias === undefined)) {
    throw notContained(source, "model_id");
  }
  const found =
    version === undefined
      ? await versionByAlias(context, aliased, alias ?? "")
      : await getVersion(context, name, version);
  return {
    source: `models:/${found.name}/${found.version}`,
    storageLocation: found.storageLocation,
    runId: runId ?? found.runId,
    modelId: modelId ?? found.modelId,
  };
}

async function resolveRuns(
  index: RunIndex,
  { source, runId, modelId }: AskedSource,
): Promise<ResolvedSource> {
  const [, named = "", path = ""] = /^runs:\/([^/]+)\/(.*)$/i.exec(source) ?? [];
  const run = runId !== undefined && named === runId ? await index.find(runId) : undefined;
  if (!run) throw notContained(source, "run_id");
  return { source, storageLocation: below(run.artifactUri, containedPath(path)), runId, modelId };
}

function isWithin(path: string | undefined, root: string | undefined): boolean {
  if (path === undefined || root === undefined) return false;
  return path === root || path.startsWith(`${root}/`);
}

function checkRelative(source: string): void {
  for (const form of decodings(source)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused.
    if (!form.split(/[/\\]/).includes("..") && !/[#\u0000-\u001f]/.test(form)) continue;
    throw invalid(
      `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.`,
    );
  }
}

function notContained(source: string, parameter: string): Error {
  return invalid(
    `Invalid model version source: '${source}'. The ${parameter} request parameter must identify the resource that contains the source.`,
  );
}
