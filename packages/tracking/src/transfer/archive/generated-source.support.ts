import fc from "fast-check";
import { bytesOf } from "../../test-tracking.support.ts";
import { fullSource } from "../full-source.support.ts";
import type { ExperimentRecord, RunRecord, TransferSource } from "../records.ts";

const text = fc.string({ unit: "binary", maxLength: 12 }).filter((one) => !one.includes("\0"));
const key = fc.constantFrom("a", "loss/val", "__proto__", "Ä b", "toString");
const pairs = fc
  .uniqueArray(fc.record({ key, value: text }), { selector: (pair) => pair.key })
  .map((list) => list.sort((a, b) => (a.key < b.key ? -1 : 1)));
const value = fc.oneof(
  fc.double({ noDefaultInfinity: true }),
  fc.constantFrom(Number.NaN, Number.MAX_VALUE, -Number.MAX_VALUE),
);
const time = fc.integer({ min: 0, max: 2 ** 44 });
const point = fc.record({ key, value, timestampMs: time, step: fc.integer() });

/** What is logged to a run, without where it belongs. */
const logged = fc.record({
  ...{
    name: text,
    userId: text,
    startMs: fc.option(time),
    endMs: fc.option(time),
    deletedMs: fc.option(time),
  },
  status: fc.constantFrom("RUNNING", "FINISHED", "FAILED", "KILLED", "SCHEDULED"),
  lifecycle: fc.constantFrom("active", "deleted"),
  ...{ params: pairs, tags: pairs, metrics: fc.array(point, { maxLength: 8 }) },
  contents: fc.array(fc.constantFrom("", "one", "two", "ü".repeat(700)), { maxLength: 3 }),
});

/** Experiments with runs of any content, beside one with models. */
export const anySource: fc.Arbitrary<TransferSource> = fc
  .array(fc.record({ tags: pairs, runs: fc.array(logged, { maxLength: 3 }) }), { maxLength: 2 })
  .map((experiments) => {
    const full = fullSource();
    const runs = new Map<string, { record: RunRecord; contents: string[] }>();
    const made = experiments.map(({ tags, runs: list }, at): ExperimentRecord => {
      for (const [number, { contents, ...rest }] of list.entries()) {
        const runId = `run${at}-${number}`;
        const artifactUri = `mlflow-artifacts:/${at + 10}/${runId}/artifacts`;
        const latest = [...new Map(rest.metrics.map((one) => [one.key, one])).values()];
        const record = { ...rest, runId, artifactUri, latest, datasets: [], models: [] } as RunRecord;
        runs.set(runId, { record, contents });
      }
      const experimentId = String(at + 10);
      return {
        ...{ experimentId, name: `any ${at}`, artifactLocation: `mlflow-artifacts:/${experimentId}` },
        ...{ lifecycle: "active", createdMs: at + 10, updatedMs: at + 11, tags },
      };
    });
    return {
      ...full,
      experiments: async () => [...(await full.experiments()), ...made],
      runs: async (experimentId) => {
        if (experimentId === "7") return full.runs(experimentId);
        const own = [...runs.values()].filter(({ record }) =>
          record.artifactUri.includes(`:/${experimentId}/`),
        );
        return own.map(({ record }) => ({ id: record.runId, artifactUri: record.artifactUri }));
      },
      run: async (runId) => runs.get(runId)?.record ?? full.run(runId),
      loggedModels: async (experimentId) => (experimentId === "7" ? full.loggedModels(experimentId) : []),
      files: async function* (owner) {
        const known = runs.get(owner.id);
        if (!known) return yield* full.files(owner);
        for (const [at, content] of known.contents.entries()) {
          yield { path: `d${at}/${content.length}.txt`, open: () => bytesOf(content) };
        }
      },
    };
  });
