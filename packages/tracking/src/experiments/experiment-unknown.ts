import type { Context } from "../context.ts";
import { missing } from "../refusal.ts";

const shown = 20;

/** The error for a name that no experiment has, told to whoever may see all of them. */
export async function experimentUnknown(store: Context["store"], name: string): Promise<Error> {
  const rows = await store.read<{ name: string }>(
    "SELECT name FROM tracking_experiments ORDER BY id DESC LIMIT ?",
    [shown],
  );
  return experimentUnknownAmong(
    name,
    rows.map((row) => row.name),
  );
}

/** The same, where names that are there are known. */
export function experimentUnknownAmong(name: string, present: readonly string[]): Error {
  const names = present.slice(0, shown).map((one) => `'${one}'`);
  const next =
    names.length === 0 ? "There is none at all." : `Name one of those that are: ${names.join(", ")}.`;
  return missing(`There is no experiment '${name}' here. ${next}`);
}

/** The id of an experiment by its name, for whoever may see all of them. Errors: SCANFLOW_TRACKING_MISSING. */
export async function experimentIdOf(store: Context["store"], name: string): Promise<string> {
  const [row] = await store.read<{ id: number }>("SELECT id FROM tracking_experiments WHERE name = ?", [
    name,
  ]);
  if (row === undefined) throw await experimentUnknown(store, name);
  return String(row.id);
}
