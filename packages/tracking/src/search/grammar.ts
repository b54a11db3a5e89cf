import type { Comparator, Entity } from "./clause.ts";

/** A column that filters and orders may name. */
export interface Attribute {
  readonly kind: "text" | "number";
  /** The column in SQL. */
  readonly sql: string;
  /** What to order by, where that differs from what is compared. */
  readonly orderSql?: string;
  /** Takes IN and NOT IN. */
  readonly list?: boolean;
  /** A number that may stand in quotes. */
  readonly quoted?: boolean;
  /** False for what can be ordered by only. */
  readonly filter?: boolean;
  /** False for what can be filtered by only. */
  readonly order?: boolean;
}

/** A table of keys and values that hang on the noun. */
export interface Keyed {
  readonly table: string;
  /** The condition that links a row of the table, by its alias, to the noun. */
  readonly link: (alias: string) => string;
}

/** What may be said in the filters and orders of one noun. */
export interface Grammar {
  readonly entities: Readonly<Record<string, Entity>>;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly keyed: Readonly<Partial<Record<Entity, Keyed>>>;
  /** Params and tags take IN and NOT IN. */
  readonly keyedLists?: boolean;
}

export const numberComparators: readonly Comparator[] = ["=", "!=", "<", "<=", ">", ">="];
export const textComparators: readonly Comparator[] = ["=", "!=", "LIKE", "ILIKE"];
export const nullComparators: readonly Comparator[] = ["IS NULL", "IS NOT NULL"];
export const listComparators: readonly Comparator[] = ["IN", "NOT IN"];

export const datasetKeys = ["name", "digest", "context"];

const tags = { tag: "tag", tags: "tag" } as const;
const attribute = { attribute: "attribute" } as const;
const startTime: Attribute = { kind: "number", sql: "r.start_ms" };
const runName: Attribute = { kind: "text", sql: "r.name" };

/** Runs: the row is `r`, its latest metrics, params and tags lie in tables of their own. */
export const runGrammar: Grammar = {
  entities: {
    ...attribute,
    ...tags,
    attr: "attribute",
    attributes: "attribute",
    run: "attribute",
    metric: "metric",
    metrics: "metric",
    parameter: "parameter",
    parameters: "parameter",
    param: "parameter",
    params: "parameter",
    dataset: "dataset",
    datasets: "dataset",
  },
  attributes: {
    artifact_uri: { kind: "text", sql: "r.artifact_uri" },
    end_time: { kind: "number", sql: "r.end_ms" },
    run_id: { kind: "text", sql: "r.run_id", list: true },
    run_name: runName,
    start_time: startTime,
    status: { kind: "text", sql: "r.status" },
    user_id: { kind: "text", sql: "r.user_id" },
    created: startTime,
    Created: startTime,
    "run name": runName,
    "Run name": runName,
    "Run Name": runName,
  },
  keyed: {
    metric: { table: "tracking_latest_metrics", link: (alias) => `${alias}.run = r.id` },
    parameter: { table: "tracking_params", link: (alias) => `${alias}.run = r.id` },
    tag: { table: "tracking_tags", link: (alias) => `${alias}.run = r.id` },
  },
};

export const experimentGrammar: Grammar = {
  entities: { ...attribute, ...tags },
  attributes: {
    creation_time: { kind: "number", sql: "e.created_ms" },
    experiment_id: { kind: "text", sql: "CAST(e.id AS TEXT)", orderSql: "e.id", list: true },
    last_update_time: { kind: "number", sql: "e.updated_ms" },
    name: { kind: "text", sql: "e.name" },
  },
  keyed: { tag: { table: "tracking_experiment_tags", link: (alias) => `${alias}.experiment = e.id` } },
};

const modelUpdated: Attribute = { kind: "number", sql: "m.updated_ms", filter: false };

export const modelGrammar: Grammar = {
  entities: { ...attribute, ...tags },
  attributes: {
    name: { kind: "text", sql: "m.name", list: true },
    timestamp: modelUpdated,
    last_updated_timestamp: modelUpdated,
    creation_timestamp: { kind: "number", sql: "m.created_ms", filter: false },
  },
  keyed: { tag: { table: "tracking_model_tags", link: (alias) => `${alias}.model = m.id` } },
};

export const versionGrammar: Grammar = {
  entities: { ...attribute, ...tags },
  attributes: {
    name: { kind: "text", sql: "m.name", list: true },
    version_number: { kind: "number", sql: "v.version", quoted: true },
    run_id: { kind: "text", sql: "v.run_id", list: true, order: false },
    source_path: { kind: "text", sql: "v.source", order: false },
    creation_timestamp: { kind: "number", sql: "v.created_ms", filter: false },
    last_updated_timestamp: { kind: "number", sql: "v.updated_ms", filter: false },
  },
  keyed: {
    tag: {
      table: "tracking_version_tags",
      link: (alias) => `${alias}.model = v.model AND ${alias}.version = v.version`,
    },
  },
};

const loggedModelCreated: Attribute = { kind: "number", sql: "l.created_ms" };
const loggedModelUpdated: Attribute = { kind: "number", sql: "l.updated_ms" };

export const loggedModelGrammar: Grammar = {
  entities: {
    ...attribute,
    ...tags,
    attributes: "attribute",
    metric: "metric",
    metrics: "metric",
    param: "parameter",
    params: "parameter",
    parameter: "parameter",
    parameters: "parameter",
  },
  attributes: {
    name: { kind: "text", sql: "l.name", list: true },
    model_id: { kind: "text", sql: "l.model_id", list: true },
    model_type: { kind: "text", sql: "l.model_type", list: true },
    status: { kind: "text", sql: "l.status" },
    source_run_id: { kind: "text", sql: "l.source_run_id", list: true },
    experiment_id: { kind: "text", sql: "CAST(l.experiment AS TEXT)", list: true },
    creation_time: loggedModelCreated,
    creation_timestamp: loggedModelCreated,
    creation_timestamp_ms: loggedModelCreated,
    last_updated_timestamp: loggedModelUpdated,
    last_updated_timestamp_ms: loggedModelUpdated,
  },
  keyed: {
    parameter: { table: "tracking_logged_model_params", link: (alias) => `${alias}.model_id = l.model_id` },
    tag: { table: "tracking_logged_model_tags", link: (alias) => `${alias}.model_id = l.model_id` },
  },
  keyedLists: true,
};
