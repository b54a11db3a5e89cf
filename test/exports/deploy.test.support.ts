import { type Application, requireApplication, type WorkTask } from "@scanflow/core";
import { parse, parseAllDocuments } from "yaml";
import { deploymentOf } from "../../packages/scanflow/src/deploy/deployment.ts";
import type { DeployOptions } from "../../packages/scanflow/src/deploy/options.ts";
import type { Deployment, Target } from "../../packages/scanflow/src/deploy/target.ts";

/** An application that asks for all that a cluster can give, with names that no platform takes as they are. */
export const wholeText = `
application: Test_Stand
description: All that a cluster can give.
main: night
workflows:
  night:
    params:
      rows: { type: integer, default: 200 }
      tag: { type: string, default: "on" }
    schedules:
      - { cron: "0 3 * * MON-FRI", timezone: Europe/Madrid, params: { rows: 500, tag: "$(SCANFLOW_SERVER_TOKEN) $$7" } }
      - { cron: "*/10 * * * *" }
    nodes:
      tracker-night: { kind: tracker, port: 8008 }
      Gather_All:
        run: { module: steps/gather.ts }
        params: { rows: { expression: params.rows } }
        outputs: { data: { path: data.csv, type: csv } }
        resources: { cpu: 0.5, memory: 512MiB }
      fit:
        run: python train.py {{inputs.data}} > {{outputs.model}}
        environment: { python: { packages: [numpy==2.1.0] } }
        inputs: { data: Gather_All.data }
        outputs: { model: { path: model.onnx, type: model } }
        resources: { cpu: 2, memory: 4GiB, gpu: 1 }
        secrets: [HUB_TOKEN]
        placement:
          labels: { accelerator: a100 }
          tolerations: [{ key: gpu, effect: NoSchedule }]
      look:
        kind: approval
        message: Is it good?
        after: [fit]
  serving:
    mode: online
    params: { level: { type: number, default: 0.5 } }
    nodes:
      answer:
        kind: service
        run: ["python", "serve.py", "--model", "{{inputs.model}}", "--level", "{{params.level}}", "--cost", "$(PRICE)"]
        environment: { image: ghcr.io/team/serve:2 }
        inputs: { model: { file: models/model.onnx } }
        params: { level: { expression: params.level } }
        env: { MODE: "on", PRICE: "$5" }
        secrets: [API_KEY]
        port: 9000
        replicas: 2
        maxReplicas: 6
        health: /ready
        resources: { cpu: 1, memory: 1GiB }
      Watch_It:
        kind: service
        run: node watch.ts
`;

const files = ["scanflow.yaml", "steps/gather.ts", "models/model.onnx"].map((path, at) => ({
  path,
  content: at === 2 ? Buffer.from([0, 1, 2, 255]) : Buffer.from(`// ${path}\ntext\n`),
}));

function applicationOf(text: string): Application {
  return requireApplication(parse(text));
}

export function deployed(text: string, options: DeployOptions = {}, workflow?: string): Deployment {
  const of = ({ environment }: WorkTask) =>
    environment.kind === "image" ? environment.image : `scanflow/app:${environment.kind}`;
  const worker = (task: WorkTask) => ({ image: of(task), shim: ["node", "shim.js"] });
  const images = { scanflow: "scanflow/scanflow:1-0123456789ab", of, worker };
  return { ...deploymentOf(applicationOf(text), { workflow, files, options }), images };
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  // Manifests are looked into at many places; the platform's own definitions judge them.
  readonly [key: string]: unknown;
}

/** All manifests of an export but the kustomization, read back from its files. */
export function manifestsOf(target: Target, deployment: Deployment): readonly Manifest[] {
  const texts = target.export(deployment).filter(({ path }) => path !== "kustomization.yaml");
  return texts.flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS() as Manifest));
}
