import type { Context } from "../context.ts";
import { missing } from "../refusal.ts";
import type { Signature } from "./signature.ts";
import { versionRow } from "./versions.ts";

/** Errors: SCANFLOW_TRACKING_MISSING when there is no such version, or its model said nothing of itself. */
export async function versionSignature(context: Context, name: string, version: string): Promise<Signature> {
  const row = await versionRow(context, name, version);
  const [kept] = await context.store.read<{ document: string }>(
    "SELECT document FROM registry_signatures WHERE model = ? AND version = ?",
    [row.model, row.version],
  );
  if (kept) return JSON.parse(kept.document) as Signature;
  throw missing(`Model Version (name=${name}, version=${row.version}) has no file MLmodel on this server.`);
}
