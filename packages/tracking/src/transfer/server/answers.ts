import { z } from "zod";
import { modelStatuses } from "../../logged-models/logged-models.ts";
import { runStatuses } from "../../runs/run.ts";
import { jsonDouble } from "../json-double.ts";

/** A whole number, which servers send as a number or as text. */
const whole = z.union([z.int(), z.string().regex(/^-?\d{1,16}$/)]).transform(Number);

const id = z.string().regex(/^[a-zA-Z0-9][\w-]{0,255}$/);
const lifecycle = z.enum(["active", "deleted"]);

/** An empty text is left out of some answers. */
const pair = z.object({ key: z.string(), value: z.string().default("") });
const pairs = z.array(pair).default([]);

const experiment = z.object({
  experiment_id: z.string().regex(/^\d{1,19}$/),
  name: z.string(),
  artifact_location: z.string().default(""),
  lifecycle_stage: lifecycle.default("active"),
  creation_time: whole.optional(),
  last_update_time: whole.optional(),
  tags: pairs,
});

const point = z.object({
  key: z.string(),
  value: jsonDouble.default(0),
  timestamp: whole.default(0),
  step: whole.default(0),
});

const runInfo = z.object({
  run_id: id,
  run_name: z.string().default(""),
  user_id: z.string().default(""),
  status: z.enum(runStatuses).default("RUNNING"),
  start_time: whole.optional(),
  end_time: whole.optional(),
  lifecycle_stage: lifecycle.default("active"),
  artifact_uri: z.string().default(""),
});

const dataset = z.object({
  name: z.string(),
  digest: z.string(),
  source_type: z.string().default(""),
  source: z.string().default(""),
  schema: z.string().optional(),
  profile: z.string().optional(),
});

const run = z.object({
  info: runInfo,
  data: z.object({ metrics: z.array(point).default([]), params: pairs, tags: pairs }).prefault({}),
  inputs: z
    .object({
      dataset_inputs: z.array(z.object({ tags: pairs, dataset })).default([]),
      model_inputs: z.array(z.object({ model_id: id })).default([]),
    })
    .prefault({}),
  outputs: z
    .object({
      model_outputs: z.array(z.object({ model_id: id, step: whole.default(0) })).default([]),
    })
    .prefault({}),
});

const loggedModel = z.object({
  info: z.object({
    model_id: id,
    name: z.string().default(""),
    creation_timestamp_ms: whole,
    last_updated_timestamp_ms: whole.optional(),
    artifact_uri: z.string().default(""),
    status: z
      .union([z.int().min(0).max(3), z.enum(modelStatuses).transform((name) => modelStatuses.indexOf(name))])
      .default(0),
    status_message: z.string().optional(),
    model_type: z.string().optional(),
    source_run_id: z.string().optional(),
    tags: pairs,
  }),
  data: z
    .object({
      params: pairs,
      metrics: z
        .array(
          point.extend({
            run_id: z.string().default(""),
            dataset_name: z.string().optional(),
            dataset_digest: z.string().optional(),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

const registeredModel = z.object({
  name: z.string().min(1),
  description: z.string().optional(),
  creation_timestamp: whole.optional(),
  last_updated_timestamp: whole.optional(),
  tags: pairs,
  aliases: z.array(z.object({ alias: z.string(), version: whole })).default([]),
});

const version = z.object({
  version: whole.pipe(z.int().min(1)),
  description: z.string().optional(),
  user_id: z.string().optional(),
  source: z.string().default(""),
  run_id: z.string().optional(),
  run_link: z.string().optional(),
  status: z.string().default("READY"),
  status_message: z.string().optional(),
  current_stage: z.string().default("None"),
  creation_timestamp: whole.optional(),
  last_updated_timestamp: whole.optional(),
  tags: pairs,
});

const next = { next_page_token: z.string().optional() };

/** What a server of the protocol answers, as far as it is read. Unset fields are left out of its JSON. */
export const answers = {
  experiments: z.object({ experiments: z.array(experiment).default([]), ...next }),
  runIds: z.object({ runs: z.array(z.object({ info: runInfo })).default([]), ...next }),
  run: z.object({ run }),
  runs: z.object({ runs: z.array(run).default([]), ...next }),
  points: z.object({ metrics: z.array(point).default([]), ...next }),
  loggedModels: z.object({ models: z.array(loggedModel).default([]), ...next }),
  models: z.object({ registered_models: z.array(registeredModel).default([]), ...next }),
  versions: z.object({ model_versions: z.array(version).default([]), ...next }),
  place: z.object({ artifact_uri: z.string().default("") }),
  files: z.object({
    files: z
      .array(
        z.object({
          path: z.string().min(1),
          is_dir: z.boolean().default(false),
          file_size: whole.optional(),
        }),
      )
      .default([]),
  }),
};

export type ExperimentAnswer = z.output<typeof experiment>;
export type RunAnswer = z.output<typeof run>;
export type LoggedModelAnswer = z.output<typeof loggedModel>;
export type RegisteredModelAnswer = z.output<typeof registeredModel>;
export type VersionAnswer = z.output<typeof version>;
export type PointAnswer = z.output<typeof point>;
