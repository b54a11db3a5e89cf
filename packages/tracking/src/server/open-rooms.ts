import { resolve } from "node:path";
import type { Access } from "../access/access.ts";
import type { FirstUser } from "../access/first-user.ts";
import type { ContentStore } from "../artifacts/index.ts";
import { isUrl } from "../artifacts/is-url.ts";
import { type Glance, openGlance, openStore, type Store } from "../store/index.ts";
import { isPostgres } from "../store/postgres/location.ts";
import type { Tracking } from "../tracking.ts";
import type { WebhookOptions } from "../webhooks/dispatcher.ts";
import type { ServerMetrics } from "./server-metrics.ts";

/** What a server works with. */
export interface Rooms {
  readonly tracking: Tracking;
  readonly store: Store<unknown>;
  readonly artifacts: ContentStore;
  readonly metrics: ServerMetrics;
  readonly access: Access;
  /** As long as there was no user, who reaches the server may do everything. */
  readonly firstUser: FirstUser;
  readonly glance: Glance;
}

/** So that a long search does not hold up what everybody else reads. */
const sqliteOptions = { readers: 2, cacheBytes: 16_000_000, mapBytes: 2 ** 28, direct: true };

/** Opens the database and the artifacts; what is loaded while the database's threads start costs no time. */
export async function openRooms(
  location: string,
  artifactsAt: string,
  webhooks: WebhookOptions = {},
): Promise<Rooms> {
  const { trackingMigrations } = await import("../schema/tracking-tables.ts");
  const options = isPostgres(location) ? {} : sqliteOptions;
  const opening = openStore<unknown>({ location, migrations: trackingMigrations, ...options });
  const loading = Promise.all([
    import("../tracking.ts"),
    import("../artifacts/index.ts"),
    import("../access/access.ts"),
    import("../access/first-user.ts"),
    import("./server-metrics.ts"),
    import("./application.ts"),
  ]);
  const store = await opening;
  try {
    const [{ openTracking }, { openContentStore }, { openAccess }, users, { openServerMetrics }] =
      await loading;
    const artifacts = await openContentStore(artifactsAt);
    try {
      const tracking = await openTracking({ store, artifacts, webhooks });
      const metrics = openServerMetrics({ storeQueue: () => store.waiting, runs: () => countRuns(store) });
      const access = openAccess({ store });
      const file = isPostgres(location) ? undefined : { file: location };
      const glance = openGlance(store, file, users.firstUserQuery);
      const firstUser = new users.FirstUser(glance);
      return { tracking, store, artifacts, metrics, access, firstUser, glance };
    } catch (error) {
      await artifacts.close();
      throw error;
    }
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A folder relative to another becomes absolute; URLs stay. */
export function artifactsPlace(artifacts: string, folder: string): string {
  return isUrl(artifacts) ? artifacts : resolve(folder, artifacts);
}

async function countRuns(store: Store<unknown>): Promise<ReadonlyMap<string, number>> {
  const rows = await store.read<{ lifecycle: string; runs: number }>(
    "SELECT lifecycle, COUNT(*) AS runs FROM tracking_runs GROUP BY lifecycle",
  );
  return new Map(rows.map(({ lifecycle, runs }) => [lifecycle, Number(runs)]));
}
