import { type Access, openAccess } from "../access/access.ts";
import { trackingMigrations } from "../schema/tracking-tables.ts";
import { openStore } from "../store/index.ts";
import { parseStore } from "./store-place.ts";

/**
 * Works with the users of a server's database, whether the server runs or not. `store` and `folder` are as in
 * `openTrackingServer`, and so are the errors.
 *
 * ```ts
 * import { withAccess } from "@scanflow/tracking/server";
 *
 * const { token } = await withAccess({ store: "sqlite:///tracker.db" }, async (access) => {
 *   await access.addUser({ name: "mira", role: "admin" });
 *   return access.addToken({ user: "mira" });
 * });
 * ```
 */
export async function withAccess<T>(
  { store: url, folder = "." }: { readonly store: string; readonly folder?: string },
  work: (access: Access) => Promise<T>,
): Promise<T> {
  const { location } = parseStore(url, folder);
  const store = await openStore<unknown>({ location, migrations: trackingMigrations, readers: 1 });
  try {
    return await work(openAccess({ store }));
  } finally {
    await store.close();
  }
}
