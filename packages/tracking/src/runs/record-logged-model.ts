import type { Context } from "../context.ts";
import { invalid } from "../refusal.ts";
import { StoreRefusal } from "../store/index.ts";
import { activeRun } from "./active-run.ts";
import { writeGuarded } from "./log-batch.ts";
import type { RunEntry, RunIndex } from "./run-index.ts";

const historyTag = "mlflow.log-model.history";
const neededFields = ["artifact_path", "flavors", "utc_time_created", "run_id"];
const keptFields = ["run_id", "artifact_path", "utc_time_created", "model_uuid"];

/** Adds what a 2.x client says of a model it logged to the run's tag that lists them. */
export async function recordLoggedModel(
  { store }: Context,
  index: RunIndex,
  { run, modelJson }: { run: RunEntry; modelJson: string },
): Promise<void> {
  const model = parseModel(modelJson);
  for (;;) {
    const [row] = await store.read<{ value: string }>(
      "SELECT value FROM tracking_tags WHERE run = ? AND key = ?",
      [run.id, historyTag],
    );
    const before = row?.value;
    const value = written([...parseHistory(before), model]);
    try {
      await writeGuarded({ store, index }, [
        activeRun(run),
        {
          sql: "SELECT value FROM tracking_tags WHERE run = ? AND key = ? AND value <> ?",
          params: [run.id, historyTag, before ?? ""],
          refuse: "history-changed",
        },
        {
          sql: `INSERT INTO tracking_tags (run, key, value) VALUES (?, ?, ?)
            ON CONFLICT (run, key) DO UPDATE SET value = excluded.value`,
          params: [run.id, historyTag, value],
        },
      ]);
      return;
    } catch (error) {
      // Another request added a model in between: read again.
      if (!(error instanceof StoreRefusal)) throw error;
    }
  }
}

function parseModel(modelJson: string): Record<string, unknown> {
  const model = parseJson(modelJson);
  if (typeof model !== "object" || model === null) {
    throw invalid(`Malformed model info. \n ${modelJson} \n is not a valid JSON.`);
  }
  const fields = model as Record<string, unknown>;
  const absent = neededFields.filter((field) => !Object.hasOwn(fields, field));
  if (absent.length > 0) {
    const listed = absent.map((field) => `'${field}'`).join(", ");
    throw invalid(`Model json is missing mandatory fields: {${listed}}`);
  }
  const kept = keptFields.filter((field) => Object.hasOwn(fields, field));
  const flavors = Object.entries((fields.flavors ?? {}) as Record<string, unknown>).map(([name, flavor]) => [
    name,
    typeof flavor === "object" && flavor !== null ? { ...flavor, config: undefined } : flavor,
  ]);
  return {
    ...Object.fromEntries(kept.map((field) => [field, fields[field]])),
    flavors: Object.fromEntries(flavors),
  };
}

/** What is nested thousands deep can be read, and not written again. */
function written(history: readonly unknown[]): string {
  try {
    return JSON.stringify(history);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw invalid("Malformed model info: its values are nested too deeply.");
  }
}

function parseHistory(value: string | undefined): unknown[] {
  const history = value === undefined ? [] : parseJson(value);
  return Array.isArray(history) ? history : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
