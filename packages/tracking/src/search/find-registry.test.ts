import fc from "fast-check";
import { test } from "vitest";
import type { KeyValue } from "../context.ts";
import { createExperiment, deleteExperiment, getExperiment } from "../experiments/experiments.ts";
import { searchExperiments } from "../experiments/search-experiments.ts";
import { createModel, describeModel, getModel } from "../registry/models.ts";
import { searchModels, searchVersions } from "../registry/search-registry.ts";
import { createVersion, deleteVersion, getVersion } from "../registry/versions.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import type { Clause, Order } from "./clause.ts";
import {
  clause,
  listClause,
  matches,
  nullClause,
  numberClause,
  ordersBy,
  type Subject,
  textClause,
  words,
} from "./evaluator.support.ts";
import { experimentGrammar, modelGrammar, versionGrammar } from "./grammar.ts";
import { checkSearch, questions } from "./questions.support.ts";

const tagKeys = ["team", "a.b", "deep/er key"];
const promptTag = "mlflow.prompt.is_prompt";
const times = Array.from({ length: 12 }, (_, i) => 1_000_000 + i);
const tagClauses = [textClause(tagKeys, words, "tag"), nullClause("tag", tagKeys)];
const tagList = fc.uniqueArray(
  fc.record({ key: fc.constantFrom(...tagKeys), value: fc.constantFrom(...words) }),
  { selector: ({ key }) => key, maxLength: 3 },
);
/** Some are prompts, which a search leaves out unless it speaks of them. */
const registryTags = fc
  .tuple(tagList, fc.constantFrom("", "true", "True", "false"))
  .map(([tags, mark]) => (mark === "" ? tags : [...tags, { key: promptTag, value: mark }]));
const promptClause = clause("tag", [promptTag], { comparators: ["=", "!="], values: ["true", "false"] });
const names = fc.uniqueArray(fc.constantFrom(...words.map((word) => `n${word}`), ...words), {
  minLength: 1,
  maxLength: 7,
});

function isPrompt(subject: Subject): boolean {
  return String(subject.values("tag", promptTag)[0] ?? "").toLowerCase() === "true";
}

/** The mark of prompts is true or false, whatever its letters and also where it lacks. */
function accepts(one: Subject, clauses: readonly Clause[]): boolean {
  if (isPrompt(one) && !clauses.some(({ key }) => key === promptTag)) return false;
  return clauses.every((asked) =>
    asked.key === promptTag
      ? isPrompt(one) === ((asked.value === "true") === (asked.comparator === "="))
      : matches(one, asked),
  );
}

function subject(
  id: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  tags: readonly KeyValue[],
): Subject {
  return {
    id,
    values: (entity, key) => {
      if (entity === "tag") return tags.flatMap((tag) => (tag.key === key ? [tag.value] : []));
      const value = attributes[key];
      return value === undefined ? [] : [value];
    },
    orderValue: (_, key) => {
      const value = attributes[key];
      return key === "experiment_id" ? Number(value) : value;
    },
  };
}

const attribute = (key: string, ascending: boolean): Order => ({ entity: "attribute", key, ascending });
const fields = (...keys: string[]) => ordersBy(keys.map((key) => ["attribute", key] as const));

test("experiments are found as each by itself says, in the order asked", async () => {
  const asked = questions(
    fc.oneof(
      textClause(["name"], words),
      numberClause(["creation_time", "last_update_time"], times),
      clause("attribute", ["experiment_id"], { comparators: ["=", "!="], values: ["1", "2", "03"] }),
      listClause(["experiment_id"], ["0", "1", "2", "5"]),
      ...tagClauses,
    ),
    fields("name", "creation_time", "last_update_time", "experiment_id"),
  );
  const population = names.chain((list) =>
    fc.tuple(
      ...list.map((name) => fc.record({ name: fc.constant(name), tags: tagList, gone: fc.boolean() })),
    ),
  );
  await fc.assert(
    fc.asyncProperty(population, asked, async (made, all) => {
      const { tracking, passMs } = await openTestTracking();
      const { context } = tracking;
      const ids = ["0"];
      for (const { name, tags, gone } of made) {
        passMs(1);
        const id = await createExperiment(context, { name, tags });
        ids.push(id);
        passMs(1);
        if (gone) await deleteExperiment(context, id);
      }
      const found = await Promise.all(ids.map((id) => getExperiment(context, id)));
      const subjects = found.map((one) => {
        const { name, experimentId: experiment_id, createdMs, updatedMs, tags } = one;
        const attributes = { name, experiment_id, creation_time: createdMs, last_update_time: updatedMs };
        return { ...subject(experiment_id, attributes, tags), active: one.lifecycle === "active" };
      });
      for (const viewType of ["ALL", "ACTIVE_ONLY", "DELETED_ONLY"] as const) {
        for (const question of all) {
          const normal = question.clauses.map(([one, how]) => [numbered(one), how] as const);
          await checkSearch(
            { ...question, clauses: normal },
            {
              grammar: experimentGrammar,
              subjects: subjects.filter(
                ({ active }) => viewType === "ALL" || active === (viewType === "ACTIVE_ONLY"),
              ),
              tail:
                question.orders.length > 0
                  ? [attribute("experiment_id", false)]
                  : [attribute("creation_time", false), attribute("experiment_id", true)],
              find: async (search) => {
                const page = await searchExperiments(context, { ...search, viewType });
                return { ...page, items: page.items.map(({ experimentId }) => experimentId) };
              },
            },
          );
        }
      }
    }),
    { numRuns: 10 },
  );
});

/** `03` and `3` are one experiment. */
function numbered(one: Clause): Clause {
  return one.key === "experiment_id" && typeof one.value === "string"
    ? { ...one, value: String(Number(one.value)) }
    : one;
}

test("models and their versions are found as each by itself says, in the order asked", async () => {
  const version = fc.record({
    tags: registryTags,
    runId: fc.option(fc.constantFrom("r1", "R1"), { nil: undefined }),
    source: fc.constantFrom("s3://b/k", "S3://b/K", "models:/x/1"),
    gone: fc.boolean(),
  });
  const population = names.chain((list) =>
    fc.tuple(
      ...list.map((name) =>
        fc.record({
          name: fc.constant(name),
          tags: registryTags,
          touched: fc.boolean(),
          versions: fc.array(version, { maxLength: 3 }),
        }),
      ),
    ),
  );
  const named = [textClause(["name"], words), listClause(["name"], words), promptClause, ...tagClauses];
  const ofModels = questions(
    fc.oneof(...named),
    fields("name", "creation_timestamp", "last_updated_timestamp"),
  );
  const ofVersions = questions(
    fc.oneof(
      ...named,
      numberClause(["version_number"], [1, 2, 3, 1.5]),
      textClause(["run_id", "source_path"], ["r1", "R1", "s3://b/k", "s3:%"]),
      listClause(["run_id"], ["r1", "R1", "none"]),
    ),
    fields("name", "version_number", "creation_timestamp", "last_updated_timestamp"),
  );
  await fc.assert(
    fc.asyncProperty(population, ofModels, ofVersions, async (made, aboutModels, aboutVersions) => {
      const { tracking, passMs } = await openTestTracking();
      const { context } = tracking;
      const models: Subject[] = [];
      const versions: Subject[] = [];
      for (const { name, tags, versions: list } of made) {
        passMs(1);
        await createModel(context, { name, tags });
        for (const { gone, source, ...rest } of list) {
          passMs(1);
          const start = { ...rest, name, source, storageLocation: source };
          const { version: number } = await createVersion(context, start);
          if (gone) await deleteVersion(context, name, String(number));
          else versions.push(await versionSubject(name, String(number)));
        }
      }
      passMs(1);
      for (const { name, touched } of made) if (touched) await describeModel(context, name, "touched");
      for (const { name } of made) {
        const { createdMs, updatedMs, tags } = await getModel(context, name);
        const stamps = { creation_timestamp: createdMs, last_updated_timestamp: updatedMs };
        models.push(subject(name, { name, ...stamps }, tags));
      }
      for (const question of aboutModels) {
        await checkSearch(question, {
          grammar: modelGrammar,
          accepts,
          subjects: models,
          tail: [attribute("name", true)],
          find: async (search) => {
            const page = await searchModels(context, search);
            return { ...page, items: page.items.map(({ name }) => name) };
          },
        });
      }
      for (const question of aboutVersions) {
        await checkSearch(question, {
          grammar: versionGrammar,
          accepts,
          subjects: versions,
          tail: [
            ...(question.orders.length > 0 ? [] : [attribute("last_updated_timestamp", false)]),
            attribute("name", true),
            attribute("version_number", false),
          ],
          find: async (search) => {
            const page = await searchVersions(context, search);
            return { ...page, items: page.items.map((one) => `${one.name} ${one.version}`) };
          },
        });
      }

      async function versionSubject(name: string, number: string): Promise<Subject> {
        const {
          version: version_number,
          runId,
          source,
          createdMs,
          updatedMs,
          tags,
        } = await getVersion(context, name, number);
        const stamps = { creation_timestamp: createdMs, last_updated_timestamp: updatedMs };
        const attributes = { name, version_number, run_id: runId, source_path: source, ...stamps };
        return subject(`${name} ${number}`, attributes, tags);
      }
    }),
    { numRuns: 10 },
  );
});
