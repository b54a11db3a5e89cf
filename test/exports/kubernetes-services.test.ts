import { expect, test } from "vitest";
import { kubernetes } from "../../packages/scanflow/src/deploy/kubernetes/kubernetes.ts";
import { problemsOf } from "../platforms/kubernetes/schema.ts";
import { deployed, manifestsOf } from "./deploy.test.support.ts";

const textOf = (kind: string) => `
application: lab
workflows:
  ask:
    nodes:
      greeter: { kind: ${kind}, run: python serve.py, environment: { image: "team/greeter:1" } }
      ask: { run: python ask.py, after: [greeter] }
`;

interface Ruled {
  readonly rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

test("a server whose runs have services may make and read Services, and their tasks may ask them; no other server and nobody else", () => {
  const deployment = deployed(textOf("service"));
  expect(kubernetes.refuse(deployment)).toEqual([]);
  const manifests = manifestsOf(kubernetes, deployment);
  const find = (all: typeof manifests, kind: string, name: string) =>
    all.find((one) => one.kind === kind && one.metadata.name === name);
  const role = find(manifests, "Role", "scanflow") as unknown as Ruled;
  expect(role.rules).toContainEqual({ apiGroups: [""], resources: ["services"], verbs: ["create", "get"] });
  const policy = find(manifests, "NetworkPolicy", "run-services");
  const attempts = { podSelector: { matchLabels: { "app.kubernetes.io/managed-by": "scanflow" } } };
  expect(policy).toMatchObject({
    spec: { ...attempts, ingress: [{ from: [attempts], ports: [{ port: "http" }] }] },
  });
  expect(problemsOf(policy)).toBeUndefined();
  const images = find(manifests, "ConfigMap", "images");
  expect(JSON.stringify(images)).toContain("team/greeter:1");

  const others = manifestsOf(kubernetes, deployed(textOf("executor")));
  const usual = find(others, "Role", "scanflow") as unknown as Ruled;
  expect(usual.rules.flatMap(({ resources }) => resources)).not.toContain("services");
  expect(find(others, "NetworkPolicy", "run-services")).toBeUndefined();
});
