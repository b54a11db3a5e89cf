import querystring from "node:querystring";
import { ScanflowError } from "@scanflow/core";
import { z } from "zod";
import type { AskedTracker } from "./trace-in-tracker.ts";
import type { Origin } from "./trace-model.ts";

/** How long a tracker may take for one answer. */
const PATIENCE_MS = 30_000;

const time = z.coerce.number().optional();
const pair = z.object({ key: z.string(), value: z.string().default("") });
const versionAnswer = z.object({
  name: z.string(),
  version: z.coerce.number(),
  run_id: z.string().optional(),
  source: z.string().default(""),
  current_stage: z.string().default("None"),
  aliases: z.array(z.string()).default([]),
  creation_timestamp: z.coerce.number().default(0),
  description: z.string().optional(),
});
const oneVersion = z.object({ model_version: versionAnswer });
const someVersions = z.object({ model_versions: z.array(versionAnswer).default([]) });
const runAnswer = z.object({
  run: z.object({
    info: z.object({
      run_id: z.string(),
      run_name: z.string().default(""),
      user_id: z.string().default(""),
      start_time: time,
      end_time: time,
    }),
    data: z.object({ params: z.array(pair).default([]), tags: z.array(pair).default([]) }).prefault({}),
    inputs: z
      .object({
        dataset_inputs: z
          .array(
            z.object({
              dataset: z.object({ name: z.string(), digest: z.string(), source: z.string().default("") }),
            }),
          )
          .default([]),
      })
      .prefault({}),
  }),
});
const filesAnswer = z.object({
  files: z
    .array(
      z.object({
        path: z.string(),
        is_dir: z.boolean().default(false),
        file_size: z.coerce.number().default(0),
      }),
    )
    .default([]),
});

/**
 * A tracker asked by MLflow's REST API: any server that speaks it. Credentials are those in the address, else those of
 * MLflow's clients: MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, else MLFLOW_TRACKING_TOKEN. Digests are not
 * known by it.
 * Errors: SCANFLOW_LINEAGE_TRACKER.
 */
export function restTracker(address: string, env: NodeJS.ProcessEnv = process.env): AskedTracker {
  const { root, headers } = placeOf(address, env);
  const ask = async <T>(
    route: string,
    query: Record<string, string>,
    form: z.ZodType<T>,
  ): Promise<T | null> => {
    const url = `${root}/api/2.0/mlflow/${route}?${new URLSearchParams(query)}`;
    // Whoever answers may not send our key elsewhere.
    const init = { headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) } as const;
    const { response, text } = await answerOf(url, init).catch((cause: unknown) => {
      throw refused(root, reasonOf(cause), cause);
    });
    if (!response.ok) {
      // An alias that is not there is an invalid value in the protocol, and so is an odd version.
      if (/RESOURCE_DOES_NOT_EXIST|INVALID_PARAMETER_VALUE/.test(text)) return null;
      throw refused(root, `it answered ${response.status}`);
    }
    const parsed = form.safeParse(jsonOf(text));
    if (!parsed.success) throw refused(root, "what it answers is not MLflow's API", parsed.error);
    return parsed.data;
  };
  return {
    model: async (name, reference) => {
      const found = await versionOf(ask, name, reference);
      return found ? originOf(found) : null;
    },
    run: async (runId) => {
      const found = await ask("runs/get", { run_id: runId }, runAnswer);
      if (!found) return null;
      const { info, data, inputs } = found.run;
      const { run_id, run_name: name, user_id: userId, start_time: startTime, end_time: endTime } = info;
      const datasets = inputs.dataset_inputs.map(({ dataset }) => dataset);
      return { info: { runId: run_id, name, userId, startTime, endTime }, ...data, datasets };
    },
    files: async (runId, path) => {
      const above = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
      const listed = await ask(
        "artifacts/list",
        { run_id: runId, ...(above && { path: above }) },
        filesAnswer,
      );
      return (listed?.files ?? [])
        .filter((file) => path === "" || file.path === path)
        .map(({ path: at, is_dir, file_size }) => ({
          ...{ path: path === "" ? at : "", digest: "", size: file_size },
          kind: is_dir ? ("folder" as const) : ("file" as const),
        }));
    },
  };
}

type Ask = <T>(route: string, query: Record<string, string>, form: z.ZodType<T>) => Promise<T | null>;

/** By number, by `@alias`, by stage (the newest in it), or `latest`. */
async function versionOf(ask: Ask, name: string, reference: string) {
  if (reference.startsWith("@")) {
    const query = { name, alias: reference.slice(1) };
    return (await ask("registered-models/alias", query, oneVersion))?.model_version;
  }
  if (/^\d+$/.test(reference)) {
    return (await ask("model-versions/get", { name, version: reference }, oneVersion))?.model_version;
  }
  const filter = `name = '${name.replaceAll("'", "\\'")}'`;
  const query = { filter, order_by: "version_number DESC", max_results: "1000" };
  const versions = (await ask("model-versions/search", query, someVersions))?.model_versions ?? [];
  const fitting = versions.filter(
    ({ current_stage }) => reference === "latest" || current_stage === reference,
  );
  return fitting.sort((a, b) => b.version - a.version)[0];
}

function originOf(found: z.output<typeof versionAnswer>): Origin {
  const { name, version, aliases, source, run_id, current_stage, creation_timestamp, description } = found;
  // `runs:/ID/model`, or a place that ends with the run's artifacts and the path in them.
  const [, path = source] = /(?:^runs:\/+[^/]+\/|\/artifacts\/)(.+)$/.exec(source) ?? [];
  return {
    version: {
      ...{ name, version, aliases, source, description },
      runId: run_id === "" ? undefined : run_id,
      stage: current_stage as Origin["version"]["stage"],
      createdMs: creation_timestamp,
    },
    digest: undefined,
    files: [{ path, digest: "" }],
  };
}

async function answerOf(url: string, init: RequestInit) {
  const response = await fetch(url, init);
  return { response, text: await response.text() };
}

/** The address without what is secret in it, so that it may be shown. */
function placeOf(address: string, env: NodeJS.ProcessEnv) {
  const url = URL.parse(address);
  const plain = (place: string) => place.replace(/\/+$/, "");
  if (!url?.username && !url?.password) return { root: plain(address), headers: credentials(env) };
  const [MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD] = [
    querystring.unescape(url.username),
    querystring.unescape(url.password),
  ];
  Object.assign(url, { username: "", password: "" });
  return {
    root: plain(url.href),
    headers: credentials({ MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD }),
  };
}

function credentials(env: NodeJS.ProcessEnv): Record<string, string> {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: name,
    MLFLOW_TRACKING_PASSWORD: password,
  } = env;
  // As with MLflow's clients, a name and a password go before a token.
  if (name && password) {
    return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` };
  }
  return token ? { authorization: `Bearer ${token}` } : {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(root: string, reason: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_LINEAGE_TRACKER",
    `The tracker at ${root} could not be asked: ${reason}. Check the address, and the credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.`,
    { cause },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `it did not answer within ${PATIENCE_MS / 1000} s`;
  const { message, code } = (error.cause instanceof Error ? error.cause : error) as NodeJS.ErrnoException;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") return "it speaks no HTTPS there; write http:// instead";
  return message.replace(/\s+/g, " ").trim();
}
