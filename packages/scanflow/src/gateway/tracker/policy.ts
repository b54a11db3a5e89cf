import type { TrackerPass } from "./tracker-pass.ts";

/** A request as the policy sees it: query of a GET, else the body; and what stands in the path. */
export type Asked = Readonly<Record<string, unknown>>;

/** One row: what may be asked of the tracker, and under which condition. What is in no row is refused. */
export interface Rule {
  readonly methods: readonly string[];
  /** Below `/api/2.0/mlflow/`; `:name` stands for one segment. */
  readonly path: string;
  /** Why it is refused; undefined: it is let through. */
  readonly refuses: (asked: Asked, pass: TrackerPass) => string | undefined;
  /** What is sent in its place. */
  readonly changed?: (asked: Asked, pass: TrackerPass) => Asked;
  /** Whether the answer may go back. Default: yes. */
  readonly answers?: (answer: unknown, pass: TrackerPass) => string | undefined;
  /** What the pass owns from now on. */
  readonly learns?: (answer: unknown, pass: TrackerPass, asked: Asked) => void;
}

const rule = (where: string, refuses: Rule["refuses"], rest: Partial<Rule> = {}): Rule => {
  const [methods = "", path = ""] = where.split(" ");
  return { methods: methods.split("|"), path, refuses, ...rest };
};

const free: Rule["refuses"] = () => undefined;

/** Every run that is named, by either of its names, is one of the attempt's. */
const ownRun: Rule["refuses"] = ({ run_id, run_uuid }, pass) => {
  const named = [run_id, run_uuid].filter((run) => run !== undefined && run !== "");
  if (named.length > 0 && named.every((run) => pass.ownsRun(run))) return undefined;
  return `Run ${shown(named[0])} is not this attempt's`;
};

const childRun: Rule["refuses"] = (asked, pass) =>
  ownRun(asked, pass) ?? (asked.run_id === pass.run ? "The attempt's own run stays" : undefined);

/** Of the two names one counts for one request and one for another: whatever is named is looked at. */
const ownRuns: Rule["refuses"] = ({ run_id, run_ids }, pass) => {
  const named = [run_id, run_ids].flat().filter((run) => run !== undefined);
  if (named.length > 0 && named.every((run) => pass.ownsRun(run))) return undefined;
  return `Run ${shown(named.find((run) => !pass.ownsRun(run)))} is not this attempt's`;
};

const ownExperiment: Rule["refuses"] = ({ experiment_id }, pass) =>
  pass.isExperiment(experiment_id) ? undefined : `Experiment ${shown(experiment_id)} is not this attempt's`;

const ownExperiments: Rule["refuses"] = ({ experiment_ids }, pass) => {
  const ids = Array.isArray(experiment_ids) ? experiment_ids : [];
  if (ids.length > 0 && ids.every((id) => pass.isExperiment(id))) return undefined;
  return "Only the attempt's own experiment can be searched, by its id";
};

const ownModel: Rule["refuses"] = ({ model_id }, pass) =>
  typeof model_id === "string" && pass.models.has(model_id)
    ? undefined
    : `The logged model ${shown(model_id)} is not this attempt's`;

/** A point may name the model that it was measured of, and is kept with that as well. */
const ownPoints: Rule["refuses"] = (asked, pass) => {
  const points = [asked, asked.metrics].flat();
  const named = points.map((point) => field(point, "model_id")).filter((id) => id !== undefined && id !== "");
  return ownRun(asked, pass) ?? strangeModel(named, pass);
};

const ownOutputs: Rule["refuses"] = (asked, pass) =>
  ownRun(asked, pass) ??
  strangeModel(
    [asked.models].flat().map((model) => field(model, "model_id")),
    pass,
  );

function strangeModel(named: readonly unknown[], pass: TrackerPass): string | undefined {
  return named.map((model_id) => ownModel({ model_id }, pass)).find((refused) => refused !== undefined);
}

const ownVersion: Rule["refuses"] = ({ name, version }, pass) =>
  pass.versions.has(`${name}/${version}`)
    ? undefined
    : `Version ${shown(version)} of model ${shown(name)} is not this attempt's`;

const ownRegistered: Rule["refuses"] = ({ name }, pass) =>
  typeof name === "string" && pass.registered.has(name)
    ? undefined
    : `The model ${shown(name)} was not registered first by this attempt`;

/** A version may be made of what the attempt itself has made. */
const ownSource: Rule["refuses"] = ({ run_id, model_id, source }, pass) => {
  const strange =
    (run_id !== undefined && run_id !== "" && !pass.ownsRun(run_id)) ||
    (model_id !== undefined && model_id !== "" && !pass.models.has(String(model_id))) ||
    !isOwnSource(source, pass);
  return strange ? `The source ${shown(source)} is not this attempt's` : undefined;
};

function isOwnSource(source: unknown, pass: TrackerPass): boolean {
  if (typeof source !== "string" || /(^|[/\\])\.\.?($|[/\\])|%|[?#]/.test(source)) return false;
  const [, model] = /^models:\/(m-\w+)$/.exec(source) ?? [];
  if (model !== undefined) return pass.models.has(model);
  const [, run] = /^runs:\/(\w+)(?:\/|$)/.exec(source) ?? [];
  if (run !== undefined) return pass.ownsRun(run);
  const [, path] = /^mlflow-artifacts:\/(?:\/[^/]*\/)?(.*)$/.exec(source) ?? [];
  return path !== undefined && isOwnPath(path, pass);
}

/** `<experiment>/<run>/artifacts/…`, or `<experiment>/models/<model>/artifacts/…`. */
export function isOwnPath(path: string, pass: TrackerPass): boolean {
  const [experiment, second = "", third = ""] = path.split("/");
  if (!pass.isExperiment(experiment)) return false;
  return second === "models" ? pass.models.has(third) : pass.ownsRun(second);
}

/** What lies in the attempt's own experiment may be read. */
export function isReadable(path: string, pass: TrackerPass): boolean {
  return pass.isExperiment(path.split("/")[0]);
}

const answeredRun = (answer: unknown) => field(field(field(answer, "run"), "info"), "run_id");

const parentTag = "mlflow.parentRunId";

/** A run that is begun here stands below one of the attempt's. */
function belowOwn(asked: Asked, pass: TrackerPass): Asked {
  const tags = Array.isArray(asked.tags) ? asked.tags : [];
  const others = tags.filter((tag) => field(tag, "key") !== parentTag);
  const given = tags.map((tag) => (field(tag, "key") === parentTag ? field(tag, "value") : undefined));
  const parent = given.find((run) => pass.ownsRun(run)) ?? pass.run;
  return { ...asked, tags: [...others, { key: parentTag, value: parent }] };
}

/** The rows, by what they are about. */
export const policy: readonly Rule[] = [
  rule("GET experiments/get", ownExperiment),
  rule("GET experiments/get-by-name", free, {
    answers: (answer, pass) =>
      pass.isExperiment(field(field(answer, "experiment"), "experiment_id"))
        ? undefined
        : "This experiment is not the attempt's",
  }),
  rule("POST runs/create", ownExperiment, {
    changed: belowOwn,
    learns: (answer, pass) => {
      const run = answeredRun(answer);
      if (typeof run === "string") pass.addRun(run);
    },
  }),
  rule("GET runs/get", ownRun),
  rule("POST runs/search", ownExperiments),
  ...["update", "log-parameter", "log-model", "log-inputs", "set-tag", "delete-tag"].map((name) =>
    rule(`POST runs/${name}`, ownRun),
  ),
  ...["log-metric", "log-batch"].map((name) => rule(`POST runs/${name}`, ownPoints)),
  rule("POST runs/outputs", ownOutputs),
  ...["delete", "restore"].map((name) => rule(`POST runs/${name}`, childRun)),
  rule("GET artifacts/list", ownRun),
  rule("GET metrics/get-history", ownRun),
  rule("GET metrics/get-history-bulk", ownRuns),
  rule("GET metrics/get-history-bulk-interval", ownRuns),
  rule(
    "POST logged-models",
    (asked, pass) => {
      const run = asked.source_run_id;
      if (run !== undefined && run !== "" && !pass.ownsRun(run))
        return `Run ${shown(run)} is not this attempt's`;
      return ownExperiment(asked, pass);
    },
    {
      learns: (answer, pass) => {
        const id = field(field(field(answer, "model"), "info"), "model_id");
        if (typeof id === "string") pass.models.add(id);
      },
    },
  ),
  rule("POST logged-models/search", ownExperiments),
  rule("GET|PATCH logged-models/:model_id", ownModel),
  rule("GET logged-models/:model_id/artifacts/directories", ownModel),
  rule("POST logged-models/:model_id/params", ownModel),
  rule("PATCH logged-models/:model_id/tags", ownModel),
  rule("DELETE logged-models/:model_id/tags/:tag_key", ownModel),
  rule("POST registered-models/create", free, {
    learns: (answer, pass) => {
      const name = field(field(answer, "registered_model"), "name");
      if (typeof name === "string") pass.registered.add(name);
    },
  }),
  rule("GET registered-models/get", free),
  rule("GET registered-models/alias", free),
  rule("GET|POST registered-models/search", free),
  rule("GET|POST registered-models/get-latest-versions", free),
  rule("POST registered-models/set-tag", ownRegistered),
  rule("PATCH registered-models/update", ownRegistered),
  rule("POST registered-models/alias", ownVersion),
  rule("POST model-versions/create", ownSource, {
    learns: (answer, pass, { name }) => {
      const version = field(field(answer, "model_version"), "version");
      if (version !== undefined) pass.versions.add(`${name}/${version}`);
    },
  }),
  rule("GET model-versions/get", free),
  rule("GET model-versions/search", free),
  rule("GET model-versions/get-download-uri", free),
  rule("POST model-versions/set-tag", ownVersion),
  rule("PATCH model-versions/update", ownVersion),
];

export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 100);
}
