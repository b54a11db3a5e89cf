import { httpClient } from "../api/index.ts";
import type { StateFolder } from "../engine/index.ts";
import { readOwnerFile } from "./owner-file.ts";

const patienceMs = 2000;

/** Where the owner of a state folder answers to its token now; null: nobody does. */
export async function ownerAddress({ server }: Pick<StateFolder, "server">): Promise<string | null> {
  const record = readOwnerFile(server);
  if (!record?.url) return null;
  const client = httpClient({ url: record.url, token: record.token });
  try {
    await client.health.show({}, { signal: AbortSignal.timeout(patienceMs) });
    return record.url;
  } catch {
    return null;
  }
}
