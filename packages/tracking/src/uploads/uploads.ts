import { randomBytes } from "node:crypto";
import type { ContentStore } from "../artifacts/index.ts";
import { type LocationContext, putFile } from "../locations/locations.ts";
import { invalid, missing } from "../refusal.ts";
import type { Statement } from "../store/index.ts";

/** A file on its way in parts. It is kept in the database, so any server of it may take any part. */
export interface Upload {
  readonly id: string;
  /** Where the file will lie, relative to `mlflow-artifacts:/`. */
  readonly path: string;
  /** How many parts there will be, numbered from 1 on. */
  readonly parts: number;
}

/** A part as a client names it: the tag is what it was given when it sent the part. */
export interface SentPart {
  readonly number: number;
  readonly tag: string;
}

/** As many as S3 takes. */
export const mostParts = 10_000;

/** An upload that began so long ago is given up; its parts are swept with other content nobody refers to. */
export const abandonedAfterMs = 7 * 24 * 60 * 60 * 1000;

/** Gives up the uploads that nobody goes on with. */
export function giveUpAbandoned(nowMs: number): Statement {
  return { sql: "DELETE FROM tracking_uploads WHERE begun_ms < ?", params: [nowMs - abandonedAfterMs] };
}

export async function beginUpload(
  { store, now }: LocationContext,
  { path, parts }: Omit<Upload, "id">,
): Promise<Upload> {
  if (parts < 1 || parts > mostParts)
    throw invalid(`A file comes in 1 to ${mostParts} parts, not in ${parts}.`);
  const id = randomBytes(16).toString("hex");
  await store.write([
    giveUpAbandoned(now()),
    {
      sql: "INSERT INTO tracking_uploads (id, path, parts, begun_ms) VALUES (?, ?, ?, ?)",
      params: [id, path, parts, now()],
    },
  ]);
  return { id, path, parts };
}

/** Stores a part, also one that came before, and gives its tag. */
export async function putPart(
  { store, artifacts }: LocationContext,
  { id, number }: { id: string; number: number },
  source: AsyncIterable<Uint8Array>,
): Promise<string> {
  const { parts } = await findUpload({ store }, id);
  if (number < 1 || number > parts)
    throw invalid(`The upload has the parts 1 to ${parts}, and no part ${number}.`);
  const { digest } = await artifacts.put(source);
  const release = artifacts.pin(digest);
  try {
    const [written] = await store.write([
      {
        sql: `INSERT INTO tracking_upload_parts (upload, number, digest)
          SELECT id, CAST(? AS BIGINT), CAST(? AS TEXT) FROM tracking_uploads WHERE id = ?
          ON CONFLICT (upload, number) DO UPDATE SET digest = excluded.digest`,
        params: [number, digest, id],
      },
    ]);
    if (written?.changes === 0) throw noUpload(id);
  } finally {
    release();
  }
  return digest;
}

/** Makes the file of all parts, in their order, and lays it at its path. */
export async function completeUpload(
  context: LocationContext,
  { id, path }: Pick<Upload, "id" | "path">,
  sent: readonly SentPart[],
): Promise<void> {
  const { store, artifacts } = context;
  const upload = await findUpload(context, id, path);
  const stored = await store.read<{ number: number; digest: string }>(
    "SELECT number, digest FROM tracking_upload_parts WHERE upload = ? ORDER BY number",
    [id],
  );
  checkParts(upload, sent, stored);
  await putFile(context, path, joined(artifacts, stored));
  await store.write([{ sql: "DELETE FROM tracking_uploads WHERE id = ?", params: [id] }]);
}

/** Gives an upload up. One that is not there is passed over. */
export async function abortUpload(
  { store }: LocationContext,
  { id, path }: Pick<Upload, "id" | "path">,
): Promise<void> {
  await store.write([{ sql: "DELETE FROM tracking_uploads WHERE id = ? AND path = ?", params: [id, path] }]);
}

async function findUpload(
  { store }: Pick<LocationContext, "store">,
  id: string,
  path?: string,
): Promise<Upload> {
  const [found] = await store.read<Upload>("SELECT id, path, parts FROM tracking_uploads WHERE id = ?", [id]);
  if (found === undefined || (path !== undefined && found.path !== path)) throw noUpload(id);
  return found;
}

function noUpload(id: string): Error {
  return missing(`No such upload: '${id}'. It is complete or was given up; upload the file again.`);
}

function checkParts(
  { parts }: Upload,
  sent: readonly SentPart[],
  stored: readonly { number: number; digest: string }[],
): void {
  if (sent.length !== parts || stored.length !== parts) {
    throw invalid(`The upload has ${parts} parts: ${stored.length} are here, and ${sent.length} were named.`);
  }
  for (const [at, { number, digest }] of stored.entries()) {
    const named = sent[at];
    if (named?.number === number && named.tag.replaceAll('"', "") === digest) continue;
    throw invalid(
      `Part ${number} is not the one that was named at its place. Name all parts in order, with their tags.`,
    );
  }
}

async function* joined(
  artifacts: ContentStore,
  parts: readonly { digest: string }[],
): AsyncGenerator<Uint8Array> {
  for (const { digest } of parts) yield* (await artifacts.open(digest)).stream;
}
