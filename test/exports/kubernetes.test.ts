import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { kserve } from "../../packages/scanflow/src/deploy/kserve/kserve.ts";
import { kubernetes } from "../../packages/scanflow/src/deploy/kubernetes/kubernetes.ts";
import { stack } from "../../packages/scanflow/src/deploy/stack/stack.ts";
import type { Target } from "../../packages/scanflow/src/deploy/target.ts";
import { scanflow } from "../cli.test.support.ts";
import { type DryRun, hasKubectl, startDryRun } from "../platforms/kubernetes/kubectl.ts";
import { hasSchemas, problemsOf } from "../platforms/kubernetes/schema.ts";
import { deployed, type Manifest, manifestsOf, wholeText } from "./deploy.test.support.ts";

const whole = deployed(wholeText, { host: "ml.example.org" });
const manifests = manifestsOf(kubernetes, whole);
const own = manifests.filter(({ apiVersion }) => !apiVersion.startsWith("argoproj.io/"));
const inS3 = manifestsOf(kubernetes, deployed(wholeText, { artifacts: "s3://team-models/lab" }));

function named(kind: string, name: RegExp | string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name.match(name));
  return found ?? expect.fail(`there is no ${kind} ${name}`);
}

test.skipIf(!hasSchemas)(
  "every manifest is right by Kubernetes' own definitions, unknown fields refused",
  () => {
    expect(kubernetes.refuse(whole)).toEqual([]);
    expect(own.length).toBeGreaterThan(20);
    const other = inS3.filter(({ kind }) => kind === "Deployment" || kind === "PersistentVolumeClaim");
    for (const manifest of [...own, ...other])
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

  test("builds the kustomization, alone, as a base, and with the overlay of the guide", async () => {
    const folder = await mkdtemp(join(tmpdir(), "scanflow-kustomize-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const base = join(folder, "base");
    await mkdir(base);
    for (const { path, text } of kubernetes.export(whole)) await writeFile(join(base, path), text);
    const alone = await promisify(execFile)("kubectl", ["kustomize", base]);
    expect(alone.stdout.match(/^kind: /gm)).toHaveLength(own.length);
    await writeFile(join(folder, "kustomization.yaml"), "resources: [base]\nnamePrefix: test-\n");
    const above = await promisify(execFile)("kubectl", ["kustomize", folder]);
    expect(above.stdout).toContain("name: test-scanflow");
    const guide = await readFile(
      new URL("../../docs/guides/deploy-to-kubernetes.md", import.meta.url),
      "utf8",
    );
    const [, overlay = ""] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
    await writeFile(join(folder, "kustomization.yaml"), overlay.replace("../kubernetes", "base"));
    const patched = await promisify(execFile)("kubectl", ["kustomize", folder]);
    expect(patched.stdout).not.toContain("ReadWriteMany");
    expect(patched.stdout).toContain("imagePullSecrets:");
  });
});

test("schedules become CronJobs, which ask the server at their times, with their params", () => {
  expect(named("CronJob", "schedule-night-1")).toMatchObject({
    spec: {
      schedule: "0 3 * * MON-FRI",
      timeZone: "Europe/Madrid",
      concurrencyPolicy: "Forbid",
      jobTemplate: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  // Kubernetes takes two dollars for one, and puts no variable in behind them.
                  command: [
                    "scanflow",
                    ...["run", "night", "--param", "rows=500"],
                    ...["--param", "tag=$$(SCANFLOW_SERVER_TOKEN) $$$$7"],
                  ],
                  env: expect.arrayContaining([{ name: "SCANFLOW_SERVER", value: "http://scanflow:8000" }]),
                },
              ],
            },
          },
        },
      },
    },
  });
  expect(manifests.filter(({ kind }) => kind === "CronJob")).toHaveLength(2);
});

test("artifacts lie in S3 where that is asked for: no volume is shared, keys come from the Secret", () => {
  const [server, ...trackers] = inS3.filter(({ kind, metadata }) => {
    return kind === "Deployment" && /^(scanflow|tracker)/.test(metadata.name);
  });
  expect(JSON.stringify(server)).toContain('{"name":"SCANFLOW_ARTIFACTS","value":"s3://team-models/lab"}');
  expect(trackers).toHaveLength(2);
  for (const tracker of trackers) {
    const text = JSON.stringify(tracker);
    expect(text).toContain('"--artifacts","s3://team-models/lab"');
    expect(text).toContain('{"name":"scanflow","key":"AWS_SECRET_ACCESS_KEY","optional":true}');
    expect(text).not.toContain("persistentVolumeClaim");
  }
  const claims = inS3.filter(({ kind }) => kind === "PersistentVolumeClaim");
  expect(claims.map(({ metadata }) => metadata.name)).toEqual(["state"]);
});

test("trackers are servers of their own, with their rows in PostgreSQL, and the server knows them by name", () => {
  const text = JSON.stringify(named("Deployment", /^scanflow$/));
  expect(text).toContain("*=http://tracker:8003 tracker-night=http://tracker-night:8008");
  expect(named("Service", "tracker-night")).toMatchObject({ spec: { ports: [{ port: 8008 }] } });
  expect(JSON.stringify(named("Deployment", "tracker-night"))).toContain(
    '{"secretKeyRef":{"name":"scanflow","key":"SCANFLOW_STORE_TRACKER_NIGHT"}}',
  );
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
  // An Ingress leads to what the token opens alone.
  expect(named("Ingress", "scanflow")).toMatchObject({
    spec: { rules: [{ host: "ml.example.org", http: { paths: [{ path: "/api/v1" }] } }] },
  });
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
  ask: { nodes: { read: { run: "cat {{inputs.rows}}", inputs: { rows: { data: sales } } } } }
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

test("services that would take each other's names, or the server's or a tracker's, are refused", () => {
  const service = (port: number) => `{ kind: service, run: serve, port: ${port} }`;
  const text = (batch: string) => `
application: shop
main: one
workflows:
  one: { mode: online, nodes: { api: ${service(1)}, scanflow: ${service(2)} } }
  two: { mode: online, nodes: { api: ${service(3)}, tracker: ${service(4)} } }
${batch}`;
  const refused = (target: Target, batch: string) =>
    target.refuse(deployed(text(batch))).map(({ workflow, task }) => `${workflow}/${task}`);
  const batch = '  run: { nodes: { a: { run: "true" } } }';
  expect(refused(kubernetes, batch)).toEqual(["one/scanflow", "two/api", "two/tracker"]);
  expect(refused(kubernetes, "")).toEqual(["two/api"]);
  expect(refused(kserve, "")).toEqual(["two/api"]);
  // A stack calls those of one name by their workflows as well.
  expect(refused(stack, batch)).toEqual(["one/scanflow"]);
});

test("the files of the application come back from the ConfigMaps as they were", () => {
  const [map] = own.filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "application");
  const projected = JSON.stringify(named("Deployment", /^scanflow$/));
  expect(map).toMatchObject({
    data: { "scanflow.yaml": "// scanflow.yaml\ntext\n" },
    binaryData: { "models__model.onnx": "AAEC/w==" },
  });
  expect(projected).toContain('{"key":"steps__gather.ts","path":"steps/gather.ts"}');
});

const examples = globSync("*/scanflow.config.ts", {
  cwd: new URL("../../examples", import.meta.url).pathname,
});

test.skipIf(!hasSchemas).each(examples)("%s is exported as it is", async (config) => {
  const out = await mkdtemp(join(tmpdir(), "scanflow-example-"));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  const folder = new URL(`../../examples/${dirname(config)}`, import.meta.url).pathname;
  const ended = await scanflow(folder, ["export", "kubernetes", "--out", out]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  const texts = globSync("*.yaml", { cwd: out, exclude: ["kustomization.yaml", "argocd-application.yaml"] });
  for (const file of texts) {
    for (const document of parseAllDocuments(await readFile(join(out, file), "utf8"))) {
      expect(problemsOf(document.toJS()), file).toBeUndefined();
    }
  }
});
