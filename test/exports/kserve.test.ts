import { describe, expect, test } from "vitest";
import { kserve } from "../../packages/scanflow/src/deploy/kserve/kserve.ts";
import { customProblemsOf, hasKserve } from "../platforms/kubernetes/custom-resource.ts";
import { problemsOf } from "../platforms/kubernetes/schema.ts";
import { deployed, type Manifest, manifestsOf, wholeText } from "./deploy.test.support.ts";

const routed = `
application: lab
workflows:
  serving:
    mode: online
    params: { careful: { type: boolean, default: true } }
    nodes:
      route: { kind: choice, choice: "if params.careful run clean then answer, else quick" }
      clean: { kind: service, run: "clean --port 8080" }
      answer: { kind: service, run: "answer", port: 9000, maxReplicas: 3 }
      quick: { kind: service, run: "quick" }
`;

const isOwn = ({ apiVersion }: Manifest) => apiVersion.startsWith("serving.kserve.io/");

describe.skipIf(!hasKserve)("by KServe's own definitions, unknown fields refused", () => {
  test.each([
    ["the application that asks for everything", wholeText],
    ["routes among services", routed],
  ])("%s is right", (_, text) => {
    const deployment = deployed(text);
    expect(kserve.refuse(deployment)).toEqual([]);
    const manifests = manifestsOf(kserve, deployment);
    expect(manifests.filter(isOwn).length).toBeGreaterThan(1);
    for (const manifest of manifests.filter(({ apiVersion }) => !apiVersion.startsWith("argoproj.io/"))) {
      const problems = isOwn(manifest) ? customProblemsOf(manifest) : problemsOf(manifest);
      expect(problems, `${manifest.kind} ${manifest.metadata.name}`).toBeUndefined();
    }
  });

  test("a misspelled field is told", () => {
    const [service] = manifestsOf(kserve, deployed(wholeText)).filter(isOwn);
    const { spec } = service as unknown as { spec: { predictor: object } };
    const wrong = { ...service, spec: { predictor: { ...spec.predictor, minReplica: 1 } } };
    expect(customProblemsOf(wrong)).toContain("minReplica");
  });
});

test("a choice among services is a graph that asks those of the branch that is taken, one after the other", () => {
  const manifests = manifestsOf(kserve, deployed(routed)).filter(isOwn);
  expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "InferenceService clean",
    "InferenceService answer",
    "InferenceGraph route",
  ]);
  expect(manifests.at(-1)).toMatchObject({
    spec: {
      nodes: {
        root: {
          routerType: "Sequence",
          steps: [
            { serviceName: "clean", name: "clean" },
            { serviceName: "answer", name: "answer", data: "$response" },
          ],
        },
      },
    },
  });
  expect(manifests[1]).toMatchObject({
    metadata: { annotations: { "serving.kserve.io/deploymentMode": "Standard" } },
    spec: {
      predictor: {
        minReplicas: 1,
        maxReplicas: 3,
        scaleMetric: "cpu",
        containers: [{ name: "kserve-container" }],
      },
    },
  });
});

test("what graphs cannot say is refused", () => {
  const text = routed.replace("clean then answer", "clean or answer");
  expect(kserve.refuse(deployed(text))).toMatchObject([
    { task: "route", change: expect.stringContaining("replicas") },
  ]);
  const unknowable = routed.replace("params.careful", "device.cpus > 2");
  expect(kserve.refuse(deployed(unknowable))).toMatchObject([{ task: "route" }]);
});

test("an application without a standing service has nothing for KServe", () => {
  const none = deployed("application: lab\nworkflows: { lab: { nodes: { a: { run: echo } } } }");
  expect(kserve.refuse(none)).toMatchObject([{ change: expect.stringContaining("export to kubernetes") }]);
});
