import type { Context } from "../context.ts";
import { readAmong } from "./among.ts";
import type { VersionPlace } from "./placed.ts";

type Store = Pick<Context, "store">;

/** The names of registered models by their numbers; of deleted ones the last that they had. */
export async function modelNames(
  { store }: Store,
  models: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const asked = [...new Set(models)];
  const past = `SELECT model AS id, old_value AS name FROM registry_history
    WHERE field = 'model' AND new_value IS NULL AND model IN`;
  const present = "SELECT id, name FROM tracking_models WHERE id IN";
  const rows = [
    ...(await readAmong<{ id: number; name: string }>(store, past, asked)),
    ...(await readAmong<{ id: number; name: string }>(store, present, asked)),
  ];
  return new Map(rows.map(({ id, name }) => [Number(id), name]));
}

interface Going {
  readonly names: ReadonlyMap<number, string>;
  readonly whole: ReadonlySet<number>;
  readonly versions: readonly VersionPlace[];
}

/**
 * What webhooks were still to be told of models or versions that go: it carries their names, tags and descriptions. A
 * name that another model took over since is that one's.
 */
export async function namedDeliveries(
  { store }: Store,
  { names, whole, versions }: Going,
): Promise<string[]> {
  if (names.size === 0) return [];
  const asked = [...new Set(names.values())];
  const select = "SELECT id, name FROM tracking_models WHERE name IN";
  const taken = await readAmong<{ id: number; name: string }>(store, select, asked);
  const others = new Set(taken.filter(({ id }) => !names.has(Number(id))).map(({ name }) => name));
  const going = [...whole].flatMap((model) => names.get(model) ?? []);
  const models = new Set<string | undefined>(going.filter((name) => !others.has(name)));
  const single = new Set(
    versions.map(({ model, version }) => JSON.stringify([names.get(model), `${version}`])),
  );
  const waiting = await store.read<{ id: string; body: string }>(
    "SELECT delivery_id AS id, body FROM tracking_webhook_deliveries",
  );
  return waiting.flatMap(({ id, body }) => {
    const { data } = JSON.parse(body) as { data: { name?: string; version?: string } };
    const goes = models.has(data.name) || single.has(JSON.stringify([data.name, `${data.version}`]));
    return goes ? [id] : [];
  });
}
