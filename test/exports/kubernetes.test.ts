import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { kubernetes } from "../../packages/scanflow/src/deploy/kubernetes/kubernetes.ts";
import { scanflow } from "../cli.test.support.ts";
import { isInstalled } from "../platforms/installed.ts";
import { type DryRun, hasKubectl, startDryRun } from "../platforms/kubernetes/kubectl.ts";
import { hasSchemas, problemsOf } from "../platforms/kubernetes/schema.ts";
import { deployed, type Manifest, manifestsOf, wholeText } from "./deploy.test.support.ts";

const whole = deployed(wholeText, { host: "ml.example.org" });
const manifests = manifestsOf(kubernetes, whole);
const own = manifests.filter(({ apiVersion }) => !apiVersion.startsWith("argoproj.io/"));

function named(kind: string, name: RegExp | string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name.match(name));
  return found ?? expect.fail(`there is no ${kind} ${name}`);
}

test.skipIf(!hasSchemas)(
  "every manifest is right by Kubernetes' own definitions, unknown fields refused",
  () => {
    expect(kubernetes.refuse(whole)).toEqual([]);
    expect(own.length).toBeGreaterThan(20);
    for (const manifest of own)
      expect(problemsOf(manifest), `${manifest.kind} ${manifest.metadata.name}`).toBeUndefined();
  },
);

describe.skipIf(!hasKubectl)("kubectl", () => {
  let dryRun: DryRun;
  beforeAll(async () => {
    dryRun = await startDryRun();
  });
  afterAll(() => dryRun.close());

  test("takes what a 1.20 knows", async () => {
    // These came with 1.21 and later.
    const later = ["CronJob", "HorizontalPodAutoscaler", "PodDisruptionBudget"];
    const known = own.filter(({ kind }) => !later.includes(kind));
    const said = await dryRun.check(known.map((one) => JSON.stringify(one)).join("\n"));
    expect(said.trim().split("\n")).toHaveLength(known.length);
  });

  test("builds the kustomization, alone and as a base", async () => {
    const folder = await mkdtemp(join(tmpdir(), "scanflow-kustomize-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const base = join(folder, "base");
    await mkdir(base);
    for (const { path, text } of kubernetes.export(whole)) await writeFile(join(base, path), text);
    const alone = await promisify(execFile)("kubectl", ["kustomize", base]);
    expect(alone.stdout.match(/^kind: /gm)).toHaveLength(own.length);
    await writeFile(join(folder, "kustomization.yaml"), "resources: [base]\nnamePrefix: test-\n");
    const above = await promisify(execFile)("kubectl", ["kustomize", folder]);
    expect(above.stdout).toContain("name: test-scanflow-engine");
  });
});

test("schedules become CronJobs with their time zone and params; any workflow can be started by hand", () => {
  const schedule = named("CronJob", /^schedule-night-1/);
  expect(schedule).toMatchObject({
    spec: {
      schedule: "0 3 * * MON-FRI",
      timeZone: "Europe/Madrid",
      suspend: false,
      concurrencyPolicy: "Forbid",
    },
  });
  expect(JSON.stringify(schedule)).toContain('"night","--param","rows=500","--param","tag=7"');
  expect(named("CronJob", "run-night")).toMatchObject({ spec: { suspend: true } });
  expect(manifests.filter(({ kind }) => kind === "CronJob")).toHaveLength(3);
});

test("a service of an online workflow is scaled, found by its name, and told what the contract says", () => {
  expect(named("HorizontalPodAutoscaler", "answer")).toMatchObject({
    spec: { minReplicas: 2, maxReplicas: 6, scaleTargetRef: { name: "answer" } },
  });
  expect(named("Service", "answer")).toMatchObject({ spec: { ports: [{ port: 9000 }] } });
  const deployment = named("Deployment", "answer");
  expect(deployment).not.toHaveProperty("spec.replicas");
  expect(deployment).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              image: "ghcr.io/team/serve:2",
              // `$(PRICE)` is the program's own, not Kubernetes'.
              command: [
                ...["python", "serve.py", "--model", "/scanflow/inputs/model.onnx", "--level", "0.5"],
                ...["--cost", "$$(PRICE)"],
              ],
              readinessProbe: { httpGet: { path: "/ready" } },
              resources: { limits: { cpu: "1000m", memory: "1073741824" } },
              env: expect.arrayContaining([
                { name: "MODE", value: "on" },
                { name: "PRICE", value: "$$5" },
                { name: "SCANFLOW_PORT", value: "9000" },
                { name: "API_KEY", valueFrom: { secretKeyRef: { name: "scanflow", key: "API_KEY" } } },
              ]),
            },
          ],
        },
      },
    },
  });
});

test("every container is confined, has its own rights only, and no secret stands in a manifest", () => {
  const text = JSON.stringify(own);
  const containers = [...text.matchAll(/"imagePullPolicy"/g)].length;
  expect([...text.matchAll(/"readOnlyRootFilesystem":true/g)]).toHaveLength(containers);
  expect([...text.matchAll(/"drop":\["ALL"\]/g)]).toHaveLength(containers);
  expect(text).not.toContain('"kind":"Secret"');
  // Behind an Ingress a tracker without users would be anybody's.
  expect(text).not.toContain("--trust-network");
  expect(JSON.stringify(manifestsOf(kubernetes, deployed(wholeText)))).toContain("--trust-network");
});

test("an Argo CD Application points to the repository", () => {
  const options = { repo: "https://git.example.org/a/b.git", path: "ops/k8s", revision: "main" };
  const [application] = manifestsOf(kubernetes, deployed(wholeText, options)).filter(
    ({ kind }) => kind === "Application",
  );
  expect(application).toMatchObject({
    spec: { source: { repoURL: options.repo, path: options.path, targetRevision: options.revision } },
  });
});

test("what Kubernetes lacks is told, all of it, each with what to change", () => {
  const lacking = deployed(`
application: lab
main: ask
workflows:
  ask: { params: { who: { type: string } }, nodes: { greet: { run: "echo {{params.who}}", params: { who: { expression: params.who } } } } }
  serving:
    mode: online
    nodes:
      train: { run: "touch {{outputs.model}}", outputs: { model: model } }
      answer: { kind: service, run: "serve {{inputs.model}}", inputs: { model: train.model }, when: 1 < 2 }
`);
  expect(kubernetes.refuse(lacking).map(({ workflow, task }) => `${workflow} ${task}`)).toEqual([
    "ask null",
    "serving train",
    "serving answer",
    "serving answer",
  ]);
});

test("the files of the application come back from the ConfigMaps as they were", () => {
  const [map] = own.filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "application");
  const projected = JSON.stringify(named("CronJob", "run-night"));
  expect(map).toMatchObject({
    data: { "scanflow.yaml": "// scanflow.yaml\ntext\n" },
    binaryData: { "models__model.onnx": "AAEC/w==" },
  });
  expect(projected).toContain('{"key":"steps__gather.ts","path":"steps/gather.ts"}');
});

/** The script that engines run, on this machine and its processes. */
test.skipIf(!isInstalled("flock"))(
  "engines take turns, and take up what was interrupted before anything new",
  async () => {
    const [, , script = ""] = containerOf(named("CronJob", "run-night")).command;
    const folder = await mkdtemp(join(tmpdir(), "scanflow-turn-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const wait = "node -e \"setTimeout(() => {}, require('fs').existsSync('go') ? 0 : 60000)\"";
    await writeFile(
      join(folder, "scanflow.yaml"),
      JSON.stringify({
        application: "lab",
        workflows: { lab: { nodes: { wait: { run: wait, cache: false } } } },
      }),
    );
    const bin = new URL("../../packages/scanflow/bin/scanflow.js", import.meta.url).pathname;
    await writeFile(join(folder, "scanflow"), `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`, {
      mode: 0o755,
    });
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, SCANFLOW_STATE: folder };
    const engine = () => promisify(execFile)("/bin/sh", ["-c", script, "sh", "lab"], { cwd: folder, env });
    const first = engine();
    const ended = first.catch((error: unknown) => error);
    const runs = async () =>
      JSON.parse((await scanflow(folder, ["ls", "--json"])).stdout) as { status: string }[];
    await expect.poll(runs).toMatchObject([{ status: "running" }]);
    const owner = JSON.parse(await readFile(join(folder, ".scanflow/server.json"), "utf8"));
    process.kill(owner.pid, "SIGKILL");
    await ended;
    await writeFile(join(folder, "go"), "");
    await Promise.all([engine(), engine()]);
    expect((await runs()).map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
  },
);

function containerOf(cronJob: Manifest): { readonly command: readonly string[] } {
  const { spec } = JSON.parse(JSON.stringify(cronJob));
  return spec.jobTemplate.spec.template.spec.containers[0];
}
