import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
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
const schemaFile = "schemas/docker-stack-v3.13.json.gz";
const examples = join(import.meta.dirname, "../examples");

/** An application of services that stand by themselves. */
const shop = `
application: shop
main: serve
workflows:
  serve:
    mode: online
    nodes:
      predict:
        kind: service
        run: ["python", "serve.py", "{{inputs.model}}", "--greet", "$HOME"]
        inputs: { model: { file: best.onnx } }
        environment: { python: { packages: ["onnxruntime"] } }
        params: { limit: 4 }
        port: 9000
        replicas: 3
        health: /health
        secrets: [API_KEY]
        resources: { cpu: 0.5, memory: 256MiB, gpu: 1 }
        placement: { labels: { disk: ssd } }
`;

/** Exports a stack and gives it as it is written. */
async function exported(folder: string, options: readonly string[] = []): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), "scanflow-stack-"));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  const { code, stderr } = await scanflow(folder, ["export", "stack", "--out", out, ...options]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return join(out, "stack.yaml");
}

const applications: readonly (readonly [string, () => Promise<string>])[] = [
  ["digits", async () => join(examples, "digits")],
  ["digits-python", async () => join(examples, "digits-python")],
  ["decks", async () => join(examples, "decks")],
  ["an application of services", () => folderOf({ "scanflow.yaml": shop, "best.onnx": "", "serve.py": "" })],
];

test.each(applications)("Docker takes the stack of %s as it is", async (_, folder) => {
  const file = await exported(await folder(), ["--host", "swarm.example.org"]);
  const { stdout, stderr } = await run("docker", ["stack", "config", "--compose-file", file], {
    env: { ...process.env, SCANFLOW_APP: "/srv/app" },
  });
  expect(stderr).toBe("");
  const understood = parse(stdout) as { services: Record<string, unknown> };
  expect(Object.keys(understood.services).sort()).toEqual(
    Object.keys((parse(await readFile(file, "utf8")) as typeof understood).services).sort(),
  );
});

test.runIf(hasShared(schemaFile)).each(applications)(
  "the last schema of stack files has nothing against that of %s",
  async (_, folder) => {
    const judge = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(stackSchema());
    for (const options of [
      [],
      ["--host", "swarm.example.org"],
      ["--registry", "registry.example.org:5000"],
    ]) {
      judge(parse(await readFile(await exported(await folder(), options), "utf8")));
      expect(judge.errors).toBeNull();
    }
  },
);

test("Docker asks for the application's folder, and nothing in a command is taken for a variable", async () => {
  const file = await exported(await folderOf({ "scanflow.yaml": shop, "best.onnx": "", "serve.py": "" }));
  await expect(run("docker", ["stack", "config", "--compose-file", file])).rejects.toThrow(
    /SCANFLOW_APP.*say where the folder of the application is/s,
  );
  const { stdout } = await run("docker", ["stack", "config", "--compose-file", file], {
    env: { ...process.env, SCANFLOW_APP: "/srv/app" },
  });
  const { services } = parse(stdout) as { services: { predict: { command: string[] } } };
  expect(services.predict.command.at(-1)?.replaceAll("$$", "$")).toBe("$HOME");
});

/** The schema, of draft 4, whose ids a newer draft calls otherwise; nothing refers to them. */
function stackSchema(): object {
  const text = gunzipSync(readFileSync(shared(schemaFile))).toString();
  return JSON.parse(text, function (this: Record<string, unknown>, key, value: unknown) {
    return (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value;
  }) as object;
}
