import { visibleModels } from "../access/visible.ts";
import type { Context, Page } from "../context.ts";
import type { Clause } from "../search/clause.ts";
import { addClauses, addOrders, assemble, type Parts } from "../search/compile.ts";
import { type Grammar, modelGrammar, versionGrammar } from "../search/grammar.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import { parseFilter } from "../search/parse-filter.ts";
import { parseOrders } from "../search/parse-order.ts";
import {
  loadModels,
  loadVersions,
  type ModelRow,
  modelColumns,
  type VersionRow,
  versionColumns,
  versionTables,
} from "./load-models.ts";
import { deletedStage, type Model, type Version } from "./model.ts";

export interface RegistrySearch {
  readonly filter?: string;
  readonly maxResults: number;
  readonly orderBy?: readonly string[];
  readonly pageToken?: string | undefined;
}

/** A tag of models that hold prompts; a model without the tag counts as `false`. */
const promptTag = "mlflow.prompt.is_prompt";

/** Finds registered models, by name unless asked otherwise; prompts only when the filter speaks of them. */
export async function searchModels(context: Context, search: RegistrySearch): Promise<Page<Model>> {
  const parts = prepare(search, modelGrammar);
  parts.where.push(...visibleModels(context));
  if (!parts.order.some((one) => one.startsWith("m.name "))) parts.order.push("m.name ASC");
  const { items, ...rest } = await run<ModelRow>(context, search, {
    head: `SELECT ${modelColumns} FROM tracking_models m`,
    parts,
  });
  return { items: (await loadModels(context, items)).map(byStage), ...rest };
}

/** A search tells a model's newest versions by the names of their stages, as the stock server does. */
function byStage(model: Model): Model {
  const latestVersions = model.latestVersions.toSorted((a, b) => (a.stage < b.stage ? -1 : 1));
  return { ...model, latestVersions };
}

/** Finds versions: what changed last comes first unless asked otherwise, then by name and newest number. */
export async function searchVersions(context: Context, search: RegistrySearch): Promise<Page<Version>> {
  const parts = prepare(search, versionGrammar);
  parts.where.push(...visibleModels(context));
  parts.where.push({ sql: `v.stage <> '${deletedStage}'`, params: [] });
  if (parts.order.length === 0) parts.order.push("v.updated_ms DESC");
  if (!parts.order.some((one) => one.startsWith("m.name "))) parts.order.push("m.name ASC");
  if (!parts.order.some((one) => one.startsWith("v.version "))) parts.order.push("v.version DESC");
  const { items, ...rest } = await run<VersionRow>(context, search, {
    head: `SELECT ${versionColumns} FROM ${versionTables}`,
    parts,
  });
  return { items: await loadVersions(context, items), ...rest };
}

function prepare({ filter = "", orderBy = [] }: RegistrySearch, grammar: Grammar): Parts {
  const clauses = parseFilter(filter, grammar);
  const parts: Parts = { joins: [], where: [], order: [] };
  const isPrompt = ({ entity, key }: Clause) => entity === "tag" && key === promptTag;
  addClauses(
    parts,
    clauses.filter((clause) => !isPrompt(clause)),
    { grammar },
  );
  const asked = clauses.filter(isPrompt);
  if (asked.length === 0) asked.push({ entity: "tag", key: promptTag, comparator: "!=", value: "true" });
  const { table = "", link = () => "" } = grammar.keyed.tag ?? {};
  for (const { comparator, value } of asked) {
    const wanted = (comparator === "=" && value === "true") || (comparator === "!=" && value === "false");
    const tagged = `EXISTS (SELECT 1 FROM ${table} p WHERE ${link("p")} AND p.key = ? AND LOWER(p.value) = 'true')`;
    parts.where.push({ sql: wanted ? tagged : `NOT ${tagged}`, params: [promptTag] });
  }
  addOrders(parts, parseOrders(orderBy, grammar), grammar);
  return parts;
}

async function run<T>(
  { store }: Context,
  { maxResults, pageToken }: RegistrySearch,
  { head, parts }: { head: string; parts: Parts },
): Promise<Page<T>> {
  const offset = fromPageToken(pageToken);
  const query = assemble(head, parts, { sql: "LIMIT ? OFFSET ?", params: [maxResults + 1, offset] });
  const { rows, next } = toPage(await store.read<T>(query.sql, query.params), offset, maxResults);
  return next === undefined ? { items: rows } : { items: rows, nextPageToken: next };
}
