import { ScanflowError } from "@scanflow/core";
import type { CatalogRooms } from "./catalog-rooms.ts";
import type { Found } from "./version-name.ts";

/** Makes sure that a version's content is here. Errors: SCANFLOW_DATA_MISSING. */
export async function presentVersion({ artifacts }: CatalogRooms, found: Found): Promise<void> {
  const { dataset, version } = found;
  if (await artifacts.has(version.digest)) return;
  const name = `${dataset.name}@${version.version}`;
  throw new ScanflowError(
    "SCANFLOW_DATA_MISSING",
    `The content of ${name} is not here (${version.digest}). Fetch it with "scanflow data pull ${name}".`,
  );
}
