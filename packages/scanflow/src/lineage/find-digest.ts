import { ScanflowError } from "@scanflow/core";
import type { Store } from "@scanflow/tracking/store";

interface Made {
  readonly run: string;
  readonly task: string;
  readonly output: string;
}

interface Read {
  readonly run: string;
  readonly task: string;
}

/** Everything that is recorded as made or read by attempts, newest first. */
const SEEN = `SELECT made.value AS digest FROM events e, json_each(e.data, '$.outputs') AS made
    WHERE e.event IN ('attempt-succeeded', 'attempt-failed') AND made.value LIKE ?
  UNION SELECT part.value FROM attempts a, json_each(a.parts) AS part
    WHERE part.key LIKE 'input: %' AND part.value LIKE ?
  UNION SELECT digest FROM tracking_artifacts WHERE digest LIKE ?`;

/** The digest that begins so. Errors: SCANFLOW_LINEAGE_AMBIGUOUS. */
export async function wholeDigest(store: Store<unknown>, start: string): Promise<string> {
  if (start.length === "sha256:".length + 64) return start;
  const like = `${start}%`;
  const rows = await store.read<{ digest: string }>(SEEN, [like, like, like]);
  if (rows.length > 1) {
    throw new ScanflowError(
      "SCANFLOW_LINEAGE_AMBIGUOUS",
      `"${start}" may mean ${rows.length} contents: ${rows
        .slice(0, 5)
        .map(({ digest }) => digest.slice(0, 23))
        .join(", ")}. Give more of the digest.`,
    );
  }
  return rows[0]?.digest ?? start;
}

/** Who made a content, and who read it. */
export async function attemptsOfDigest(
  store: Store<unknown>,
  digest: string,
): Promise<{ made: Made[]; read: Read[] }> {
  const made = await store.read<Made>(
    `SELECT e.run, e.data ->> 'task' AS task, made.key AS output
      FROM events e, json_each(e.data, '$.outputs') AS made
      WHERE e.event IN ('attempt-succeeded', 'attempt-failed') AND made.value = ? ORDER BY e.seq DESC LIMIT 100`,
    [digest],
  );
  const read = await store.read<Read>(
    `SELECT DISTINCT a.run, a.task FROM attempts a, json_each(a.parts) AS part
      WHERE part.key LIKE 'input: %' AND part.value = ? ORDER BY a.run DESC LIMIT 1`,
    [digest],
  );
  return { made, read };
}
