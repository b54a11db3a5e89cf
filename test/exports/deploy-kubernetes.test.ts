import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { folderOf, scanflow } from "../cli.test.support.ts";
import { type ApplyServer, startApplyServer, writeKubeconfig } from "../platforms/kubernetes/apply-server.ts";
import { hasKubectl } from "../platforms/kubernetes/kubectl.ts";

const definition = {
  "scanflow.yaml": "application: lab\nworkflows: { lab: { nodes: { greet: { run: echo hello } } } }\n",
};

describe.skipIf(!hasKubectl)("by kubectl itself", () => {
  let server: ApplyServer;
  let env: NodeJS.ProcessEnv;
  let folder: string;
  beforeEach(async () => {
    server = await startApplyServer();
    onTestFinished(() => server.close());
    folder = await folderOf(definition);
    const home = await folderOf({});
    // kubectl keeps what it learns of a server in its user's folder.
    env = { KUBECONFIG: await writeKubeconfig(home, server.url), HOME: home };
  });

  test("deploy applies the export, --diff says what would change, undeploy takes all but volumes", async () => {
    const deployed = await scanflow(folder, ["deploy", "kubernetes"], { env });
    expect(deployed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("scanflow undeploy kubernetes"),
    });
    expect(deployed.stderr).toContain("$ kubectl apply --server-side --kustomize");
    expect(server.kept()).toEqual(
      expect.arrayContaining(["Deployment scanflow", "Deployment tracker", "Namespace lab", "Role scanflow"]),
    );
    const before = await readFile(join(folder, "deploy/kubernetes/server.yaml"), "utf8");

    expect(await scanflow(folder, ["deploy", "kubernetes", "--diff"], { env })).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const other = ["deploy", "kubernetes", "--diff", "--registry", "registry.example.org/team"];
    const changed = await scanflow(folder, other, { env });
    expect(changed).toMatchObject({ code: 1, stdout: expect.stringContaining("+") });
    expect(changed.stdout).toContain("registry.example.org/team/scanflow/scanflow:");
    expect(await readFile(join(folder, "deploy/kubernetes/server.yaml"), "utf8")).toBe(before);

    expect(await scanflow(folder, ["undeploy", "kubernetes"], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("--volumes"),
    });
    expect(server.kept()).toEqual([
      "Namespace lab",
      "PersistentVolumeClaim artifacts",
      "PersistentVolumeClaim state",
    ]);
    expect(await scanflow(folder, ["undeploy", "kubernetes", "--volumes"], { env })).toMatchObject({
      stderr: expect.stringContaining("SCANFLOW_UNCONFIRMED"),
    });
    expect(await scanflow(folder, ["undeploy", "kubernetes", "--volumes", "--yes"], { env })).toMatchObject({
      code: 0,
    });
    expect(server.kept()).toEqual(["Namespace lab"]);
  });

  test.each([
    [401, "SCANFLOW_KUBERNETES_DENIED"],
    [503, "SCANFLOW_KUBERNETES_UNREACHABLE"],
  ])("a cluster that answers %i is told before anything is written", async (status, code) => {
    server.answer = status;
    const ended = await scanflow(folder, ["deploy", "kubernetes"], { env });
    expect(ended.stderr).toContain(code);
    await expect(readFile(join(folder, "deploy/kubernetes/server.yaml"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  test("a cluster without KServe is told", async () => {
    const serving = await folderOf({
      "scanflow.yaml":
        "application: lab\nworkflows: { lab: { mode: online, nodes: { answer: { kind: service, run: serve } } } }\n",
    });
    const ended = await scanflow(serving, ["deploy", "kserve"], { env });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_DEPLOY_PLATFORM") });
  });
});

test("a tool that is not installed is named, with where it comes from", async () => {
  const folder = await folderOf(definition);
  const ended = await scanflow(folder, ["deploy", "kubernetes"], { env: { PATH: folder } });
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_DEPLOY_TOOL") });
  expect(ended.stderr).toContain("kubernetes.io/docs/tasks/tools");
});
