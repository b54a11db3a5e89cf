import { type Chance, keys, type Operation, values } from "./chance.ts";
import type { Fields } from "./pair.ts";

const stages = ["None", "Staging", "Production", "Archived"];
const aliases = ["champ", "next", "latest", "v1", "bad alias", "é"];

/** What may be asked of models and their versions. */
export function registryOperations(chance: Chance): readonly Operation[] {
  const models: string[] = [];
  const ask = (where: string, fields: () => Fields) => () => chance.ask(where, fields());
  const name = () => chance.known(models, "nobody");
  const version = () => ({ name: name(), version: String(1 + chance.below(4)) });
  const key = () => chance.one(keys);
  const tags = () => chance.some(() => chance.keyValue(), 1);
  const description = (share: number) => (chance.often(share) ? { description: chance.one(values) } : {});

  async function makeModel() {
    const made = chance.name("model");
    models.push(made);
    await chance.ask("POST registered-models/create", { name: made, tags: tags(), ...description(0.5) });
  }

  async function renameModel() {
    const from = name();
    const to = chance.name("model");
    const { status } = await chance.ask("POST registered-models/rename", { name: from, new_name: to });
    if (status === 200) models[models.indexOf(from)] = to;
  }

  return [
    [3, makeModel],
    [1, renameModel],
    [
      6,
      ask("POST model-versions/create", () => ({
        name: name(),
        source: `s3://bucket/${chance.below(9)}`,
        tags: tags(),
        ...description(0.3),
      })),
    ],
    [4, ask("POST registered-models/alias", () => ({ ...version(), alias: chance.one(aliases) }))],
    [2, ask("GET registered-models/alias", () => ({ name: name(), alias: chance.one(aliases) }))],
    [1, ask("DELETE registered-models/alias", () => ({ name: name(), alias: chance.one(aliases) }))],
    [
      4,
      ask("POST model-versions/transition-stage", () => ({
        ...version(),
        stage: chance.one([...stages, "staging", "Bogus"]),
        archive_existing_versions: chance.often(0.5),
      })),
    ],
    [2, ask("PATCH model-versions/update", () => ({ ...version(), ...description(0.7) }))],
    [2, ask("PATCH registered-models/update", () => ({ name: name(), ...description(1) }))],
    [
      2,
      ask("POST registered-models/set-tag", () => ({ name: name(), key: key(), value: chance.one(values) })),
    ],
    [2, ask("DELETE registered-models/delete-tag", () => ({ name: name(), key: key() }))],
    [2, ask("POST model-versions/set-tag", () => ({ ...version(), key: key(), value: chance.one(values) }))],
    [2, ask("DELETE model-versions/delete-tag", () => ({ ...version(), key: key() }))],
    [1, ask("DELETE model-versions/delete", version)],
    [4, ask("GET registered-models/get", () => ({ name: name() }))],
    [4, ask("GET model-versions/get", version)],
    [
      2,
      ask("POST registered-models/get-latest-versions", () => ({
        name: name(),
        stages: chance.some(() => chance.one(stages)),
      })),
    ],
    [
      3,
      ask("GET registered-models/search", () => ({
        filter: chance.one(["name LIKE 'model-%'", "tags.a = '1'", "name ILIKE 'MODEL%'"]),
        order_by: [chance.one(["name", "name DESC"])],
      })),
    ],
    [
      3,
      ask("GET model-versions/search", () => ({
        filter: chance.one(["name LIKE 'model-%'", "version_number > 1", "tags.b != ''"]),
        order_by: ["name", chance.one(["version_number", "version_number DESC"])],
      })),
    ],
  ];
}
