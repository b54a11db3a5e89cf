import type { Context } from "../context.ts";
import { readAmong } from "./among.ts";
import type { VersionPlace } from "./purge-plan.ts";

type Store = Pick<Context, "store">;

/** The names of registered models by their numbers; deleted ones have none. */
export async function modelNames(
  { store }: Store,
  models: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await readAmong<{ id: number; name: string }>(
    store,
    "SELECT id, name FROM tracking_models WHERE id IN",
    [...new Set(models)],
  );
  return new Map(rows.map(({ id, name }) => [Number(id), name]));
}

interface Going {
  readonly names: ReadonlyMap<number, string>;
  readonly whole: ReadonlySet<number>;
  readonly versions: readonly VersionPlace[];
}

/** What webhooks were still to be told of models or versions that go: it carries their names, tags and descriptions. */
export async function namedDeliveries({ store }: Store, { names, whole, versions }: Going): Promise<string[]> {
  if (names.size === 0) return [];
  const models = new Set([...whole].map((model) => names.get(model)));
  const single = new Set(versions.map(({ model, version }) => JSON.stringify([names.get(model), `${version}`])));
  const waiting = await store.read<{ id: string; body: string }>(
    "SELECT delivery_id AS id, body FROM tracking_webhook_deliveries",
  );
  return waiting.flatMap(({ id, body }) => {
    const { data } = JSON.parse(body) as { data: { name?: string; version?: string } };
    const goes = models.has(data.name) || single.has(JSON.stringify([data.name, `${data.version}`]));
    return goes ? [id] : [];
  });
}
