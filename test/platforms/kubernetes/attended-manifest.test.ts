import { expect, onTestFinished, test } from "vitest";
import { attemptManifests } from "../../../packages/scanflow/src/runners/kubernetes/manifest.ts";
import { hasKubectl, startDryRun } from "./kubectl.ts";
import { request } from "./manifest.test.support.ts";
import { hasSchemas, problemsOf } from "./schema.ts";

const attended = request({ attendToken: "attend token", pullSecrets: ["registry"] });

const podOf = ({ job }: ReturnType<typeof attemptManifests>) => {
  const pod = job.spec?.template.spec;
  if (!pod) throw new Error("no pod");
  return pod;
};
const containersOf = (manifests: ReturnType<typeof attemptManifests>) => {
  const { initContainers = [], containers } = podOf(manifests);
  return [...initContainers, ...containers];
};

test.skipIf(!hasSchemas || !hasKubectl)(
  "Job and Secret with an attendant are right by the definitions, and by kubectl but for what it is too old for",
  async () => {
    const dryRun = await startDryRun();
    onTestFinished(() => dryRun.close());
    const { job, secret } = attemptManifests(attended);
    expect([problemsOf(job), problemsOf(secret)]).toEqual([undefined, undefined]);
    const written = JSON.stringify(job);
    // Kubernetes 1.20 knows no sidecars.
    await expect(dryRun.check(written)).rejects.toThrow(
      /unknown field "restartPolicy" in io\.k8s\.api\.core\.v1\.Container|unknown field "spec\.template\.spec\.initContainers\[1\]\.restartPolicy"/,
    );
    const older = written.replace(',"restartPolicy":"Always"', "");
    expect(await dryRun.check(older)).toMatch(/^job\.batch\/train-[0-9a-f]{12} created \(dry run\)/);
  },
);

test("an attendant stands between fetch and the command, can do its own part alone, and only reads what is the task's", () => {
  const manifests = attemptManifests(attended);
  expect(containersOf(manifests).map(({ name }) => name)).toEqual(["fetch", "attend", "main", "publish"]);
  const [, attend, main] = containersOf(manifests);
  expect(attend).toMatchObject({
    restartPolicy: "Always",
    image: attended.images.shim,
    command: [...attended.shim, "attend"],
    securityContext: main?.securityContext,
    resources: { limits: { cpu: "250m", memory: "256Mi" } },
  });
  const name = manifests.job.metadata?.name;
  expect(attend?.env?.filter(({ valueFrom }) => valueFrom)).toEqual([
    { name: "SCANFLOW_GATEWAY", valueFrom: { secretKeyRef: { name, key: "SCANFLOW_GATEWAY" } } },
    { name: "SCANFLOW_GATEWAY_TOKEN", valueFrom: { secretKeyRef: { name, key: "SCANFLOW_ATTEND_TOKEN" } } },
  ]);
  expect(attend?.volumeMounts?.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath)).toEqual(
    ["/tmp"],
  );
  expect(manifests.secret.stringData).toMatchObject({ SCANFLOW_ATTEND_TOKEN: "attend token" });
  expect(JSON.stringify(manifests.job)).not.toMatch(/attend token/);
  expect(podOf(manifests).terminationGracePeriodSeconds).toBe(30);
});

test("a pod that needs no attendant is as it was before there were any", () => {
  const manifests = attemptManifests(request());
  expect(containersOf(manifests).map(({ name }) => name)).toEqual(["fetch", "main", "publish"]);
  expect(JSON.stringify(manifests)).not.toMatch(/attend|"Always"/i);
  expect(podOf(manifests).terminationGracePeriodSeconds).toBe(5);
});
