import { parseExperimentId } from "../experiments/experiment.ts";
import { containedPath } from "../locations/path.ts";
import { rangeBelow } from "../locations/root.ts";
import type { Row, SqlValue } from "../store/index.ts";
import type { TrackingContext } from "../tracking.ts";
import { applicationOfModel, applicationOfName, applicationTag } from "./application.ts";
import { type Actor, everyApplication, homeOf } from "./role.ts";

/** What a route is asked, as its handler will read it, and who asks. */
export interface Asked {
  readonly context: Pick<TrackingContext, "store">;
  readonly actor: Actor;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Finds the applications that a request concerns: the actor needs the role on each of them. Nothing that is there
 * gives none; what cannot be read as the handler reads it gives `*`, so that doubt never lets anybody in.
 */
export type Finder = (asked: Asked) => Promise<readonly string[]>;

const unclear = [everyApplication];

export const server: Finder = async () => unclear;

/** Experiments by the ids in these fields, which may be lists. */
export function experiments(field: string): Finder {
  return async ({ context, input }) => {
    const ids = texts(input[field]);
    if (ids === undefined) return unclear;
    const numbers: number[] = [];
    for (const id of ids) {
      try {
        numbers.push(parseExperimentId(id));
      } catch {
        return unclear;
      }
    }
    return namesOf(context, "tracking_experiments WHERE id", numbers);
  };
}

export const experimentNamed: Finder = async ({ input }) => namesIn(input.experiment_name);

/** What an experiment is to be called; a place of its own on this server may be another's, so that asks for more. */
export const newExperiment: Finder = async ({ input: { name, artifact_location: location } }) => {
  if (location === undefined || location === null || location === "") return namesIn(name);
  return typeof location === "string" && !/^mlflow-artifacts:/i.test(location.trim())
    ? namesIn(name)
    : unclear;
};

export const renamedExperiment: Finder = async ({ input }) => namesIn(input.new_name);

/** Runs by the ids in these fields, of which the first that is given counts, as in the handlers. */
export function runs(...fields: string[]): Finder {
  return async ({ context, input }) => {
    const given = fields.map((field) => input[field]).find((value) => value);
    const ids = texts(given);
    if (ids === undefined) return unclear;
    return namesOf(
      context,
      "tracking_runs r JOIN tracking_experiments e ON e.id = r.experiment WHERE r.run_id",
      ids,
    );
  };
}

export const run = runs("run_id", "run_uuid");

/** Logged models by id: in a field, or in a field of each item of a list. An id that is not given gives none. */
export function loggedModels(field: string, inside?: string): Finder {
  return async ({ context, input }) => {
    const given = input[field];
    const values = inside === undefined ? [given] : itemsOf(given, inside);
    const ids = texts(values?.filter((value) => value !== undefined && value !== null && value !== ""));
    if (ids === undefined) return unclear;
    return namesOf(
      context,
      "tracking_logged_models l JOIN tracking_experiments e ON e.id = l.experiment WHERE l.model_id",
      ids,
    );
  };
}

/** A finder that counts only when the field is given. */
export function ifGiven(field: string, finder: Finder): Finder {
  return async (asked) => (asked.input[field] ? finder(asked) : []);
}

export const model: Finder = async ({ context, input }) => {
  const { name } = input;
  if (typeof name !== "string") return unclear;
  const rows = await context.store.read<{ value: string | null }>(
    `SELECT t.value FROM tracking_models m
      LEFT JOIN tracking_model_tags t ON t.model = m.id AND t.key = ? WHERE m.name = ?`,
    [applicationTag, name],
  );
  return rows.map(({ value }) => value || name);
};

/** A model that is to be made: of the application in its tag, else of the only one that its maker edits. */
export const newModel: Finder = async ({ actor, input: { name, tags } }) => {
  if (typeof name !== "string") return unclear;
  const values = itemsOf(tags ?? [], "value");
  const keys = itemsOf(tags ?? [], "key");
  if (values === undefined || keys === undefined) return unclear;
  const named = values.filter((_, at) => keys[at] === applicationTag);
  if (named.length === 0) return [homeOf(actor) ?? name];
  return named.map((value) => (typeof value === "string" ? value || name : everyApplication));
};

/** Where a model goes with its new name. */
export const renamedModel: Finder = async ({ context, input: { name, new_name: newName } }) => {
  if (typeof name !== "string" || typeof newName !== "string") return unclear;
  const tags = await context.store.read<{ key: string; value: string }>(
    `SELECT t.key, t.value FROM tracking_models m JOIN tracking_model_tags t ON t.model = m.id
      WHERE m.name = ? AND t.key = ?`,
    [name, applicationTag],
  );
  return [applicationOfModel(newName, tags)];
};

/** Where a model goes when its tag of the application is set. Each route is judged by the fields that it reads. */
export const taggedModel: Finder = async ({ input: { name, key, value } }) => {
  if (typeof name !== "string") return unclear;
  if (key !== applicationTag) return [];
  return [typeof value === "string" && value !== "" ? value : name];
};

/** Where a model goes when that tag is taken away: to the application of its name. */
export const untaggedModel: Finder = async ({ input: { name, key } }) => {
  if (typeof name !== "string") return unclear;
  return key === applicationTag ? [name] : [];
};

/** What a version is made from, beside the run and the logged model that the request names. */
export const versionSource: Finder = async ({ context, actor, input: { source } }) => {
  if (typeof source !== "string") return unclear;
  const [, rest] = /^models:\/*(.*)$/i.exec(source) ?? [];
  if (rest === undefined) return [];
  const [first = ""] = rest.split("/", 1);
  const [aliased = ""] = first.split("@", 1);
  const found = await Promise.all([
    model({ context, actor, input: { name: first } }),
    model({ context, actor, input: { name: aliased } }),
    loggedModels("model_id")({ context, actor, input: { model_id: first } }),
  ]);
  return found.flat();
};

/**
 * A path below `mlflow-artifacts:/` in this field: of the experiments that keep their files there. With `all`, what
 * lies below it is meant too, and so are experiments that keep theirs inside.
 */
export function proxied(field: "*" | "path", { all = false } = {}): Finder {
  return async ({ context, input }) => {
    const given = input[field];
    if (typeof given !== "string") return unclear;
    let path: string;
    try {
      path = containedPath(given);
    } catch {
      return unclear;
    }
    const parts = path.split("/").filter((part) => part !== "");
    const above = parts.map((_, at) => `mlflow-artifacts:/${parts.slice(0, at + 1).join("/")}`);
    const found = await namesOf(context, "tracking_experiments WHERE artifact_location", above);
    if (found.length === 0) return unclear;
    if (!all) return found;
    const [from, to] = rangeBelow(`mlflow-artifacts:/${path}`);
    const inside = await context.store.read<{ name: string }>(
      "SELECT name FROM tracking_experiments WHERE artifact_location > ? AND artifact_location < ?",
      [from, to],
    );
    return [...new Set([...found, ...inside.map(({ name }) => applicationOfName(name))])];
  };
}

/** Where the file of an upload in parts is to lie. */
export const upload: Finder = async ({ context, actor, input }) => {
  if (typeof input.upload !== "string") return unclear;
  const [found] = await context.store.read<{ path: string }>(
    "SELECT path FROM tracking_uploads WHERE id = ?",
    [input.upload],
  );
  return found ? proxied("path")({ context, actor, input: { path: found.path } }) : [];
};

function namesIn(value: unknown): readonly string[] {
  return typeof value === "string" && value !== "" ? [applicationOfName(value)] : unclear;
}

/** Texts, or a list of them, as the routes take lists; undefined for anything else, nothing included. */
function texts(value: unknown): string[] | undefined {
  const listed = Array.isArray(value) ? value : [value];
  return listed.every((one) => typeof one === "string") ? listed : undefined;
}

function itemsOf(list: unknown, field: string): unknown[] | undefined {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return undefined;
  return list.map((item) => (typeof item === "object" && item !== null ? (item as Row)[field] : undefined));
}

async function namesOf(
  { store }: Asked["context"],
  where: string,
  values: readonly SqlValue[],
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let from = 0; from < values.length; from += 1000) {
    const some = values.slice(from, from + 1000);
    const rows = await store.read<{ name: string }>(
      `SELECT DISTINCT ${where.includes(" e ") ? "e.name" : "name"} FROM ${where} IN (${some.map(() => "?").join(", ")})`,
      some,
    );
    for (const { name } of rows) found.add(applicationOfName(name));
  }
  return [...found];
}
