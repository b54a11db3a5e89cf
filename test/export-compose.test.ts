import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { Ajv } from "ajv";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { folderOf, scanflow } from "./cli.test.support.ts";
import { hasShared, shared } from "./platforms/shared.ts";

const run = promisify(execFile);
const schemaFile = "schemas/compose-spec.json.gz";
const examples = join(import.meta.dirname, "../examples");
const names = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Its `config` asks no daemon. CI passes nothing over. */
const hasCompose =
  process.env.CI === "true" || spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status === 0;

/** All that a node can ask of Compose. */
const whole = `
application: Test_Stand
workflows:
  night:
    params: { tag: { type: string, default: "on" } }
    nodes:
      tracker-night: { kind: tracker, port: 8008 }
      Gather_All: { run: "echo $HOME {{params.tag}}", params: { tag: { expression: params.tag } }, outputs: [data] }
      fit:
        run: ["sh", "-c", "cp $SCANFLOW_INPUT_DATA $SCANFLOW_OUTPUT_MODEL"]
        inputs: { data: Gather_All.data }
        outputs: [model]
        map: { over: [1, 2] }
        secrets: [HUB_TOKEN]
        env: { PRICE: "$5", MODE: "no" }
        environment: { image: "debian:bookworm-slim" }
        resources: { cpu: 0.5, memory: 64MiB, gpu: 1 }
      look: { kind: approval, message: "Is it good?", after: [fit] }
      last: { run: "true", after: [look] }
`;

/** The files of an export, by their paths. */
async function exported(folder: string): Promise<readonly string[]> {
  const out = await mkdtemp(join(tmpdir(), "scanflow-compose-"));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  const { code, stderr, stdout } = await scanflow(folder, ["export", "compose", "--out", out, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { files } = JSON.parse(stdout) as { files: readonly { path: string }[] };
  return files.map(({ path }) => join(out, path));
}

const applications = [
  ...names.map((name) => [name, async () => join(examples, name)] as const),
  ["an application that asks for all", () => folderOf({ "scanflow.yaml": whole })] as const,
];

test.skipIf(!hasCompose).each(applications)(
  "Compose takes each project of %s, without a word",
  async (_, folder) => {
    const files = await exported(await folder());
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { stderr, stdout } = await run("docker", ["compose", "-f", file, "config", "--format", "json"], {
        env: { ...process.env, COMPOSE_PROJECT_NAME: "" },
        maxBuffer: 1 << 26,
      });
      expect(stderr).toBe("");
      const taken = JSON.parse(stdout) as { services: Record<string, { entrypoint: string[] }> };
      // What it makes of variables is what was meant: those of who calls are empty here, and no other is one.
      const given = parse(await readFile(file, "utf8")) as typeof taken;
      expect(Object.keys(taken.services).sort()).toEqual(Object.keys(given.services).sort());
    }
  },
);

test.skipIf(!hasShared(schemaFile)).each(applications)(
  "each project of %s is as the specification has it, and says nothing that it does not know",
  async (_, folder) => {
    const { $schema: _schema, ...schema } = JSON.parse(
      gunzipSync(readFileSync(shared(schemaFile))).toString(),
    );
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    for (const file of await exported(await folder())) {
      validate(parse(await readFile(file, "utf8")));
      expect(validate.errors).toBeNull();
    }
  },
);
