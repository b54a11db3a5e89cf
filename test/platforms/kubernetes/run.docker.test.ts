import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { folderOf, scanflow, start } from "../../cli.test.support.ts";
import { ExampleCopy, tasksBy } from "../../examples-application.test.support.ts";
import { type FakeCluster, startFakeCluster } from "./fake-cluster.ts";
import { Refusal } from "./refusal.ts";

const docker = { ...process.env, ...inject("docker") };

let cluster: FakeCluster;
let variables: Record<string, string>;

beforeEach(async () => {
  cluster = await startFakeCluster(docker);
  variables = { ...inject("docker"), ...cluster.environment };
});
afterEach(async () => {
  await cluster.close();
  expect(await cluster.containersLeft()).toEqual([]);
});

interface Shown {
  readonly tasks: readonly {
    readonly id: string;
    readonly status: string;
    readonly result: unknown;
    readonly metrics: unknown;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
  }[];
}

/** What a run came to, by task. */
async function cameTo(copy: ExampleCopy) {
  const { tasks } = await copy.document<Shown>("show", "latest");
  return Object.fromEntries(
    tasks.map(({ id, status, result, metrics, outputs }) => [
      id,
      {
        status,
        result,
        metrics,
        outputs: Object.fromEntries(Object.entries(outputs).map(([name, { digest }]) => [name, digest])),
      },
    ]),
  );
}

test("digits comes to the same metrics, results and artifacts in Jobs as in processes, and leaves nothing behind", async () => {
  const here = new ExampleCopy("digits");
  const there = new ExampleCopy("digits");
  try {
    await here.run();
    const { code, stdout, stderr } = await there.scanflowWith(
      variables,
      "run",
      "--on",
      "kubernetes",
      "--json",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(tasksBy(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).worked).toContain("train/mlp");
    expect(await cameTo(there)).toEqual(await cameTo(here));
    await expect.poll(() => cluster.left()).toEqual([]);
  } finally {
    here.remove();
    there.remove();
  }
});

const long = {
  "scanflow.yaml": `application: lab
workflows:
  long:
    nodes:
      long:
        run: sh long.sh
        environment: { image: "debian:bookworm-slim" }
        outputs: { text: text.txt }
`,
  "long.sh":
    'i=0; while [ $i -lt 80 ]; do i=$((i+1)); echo beat $i; sleep 0.1; done; echo done > "$SCANFLOW_OUTPUT_TEXT"\n',
};

test("a run whose owner is killed goes on where it was: its pod is gone on with, not started again", async () => {
  const folder = await folderOf(long);
  const owner = start(folder, ["run", "--on", "kubernetes"], { env: variables });
  await owner.saw("beat 5");
  owner.child.kill("SIGKILL");
  await owner.ended;
  expect(cluster.api.store.list("pods")).toHaveLength(1);
  const resumed = await scanflow(folder, ["resume", "--on", "kubernetes"], { env: variables });
  expect(resumed).toMatchObject({ code: 0 });
  const shown = await scanflow(folder, ["show", "latest", "--json"]);
  expect(JSON.parse(shown.stdout).tasks).toMatchObject([{ id: "long", status: "succeeded", attempts: 1 }]);
  const made = cluster.api.requests.filter(
    (request) => /^POST .*\/jobs(\?|$)/.test(request) && !request.includes("dryRun"),
  );
  expect(made).toHaveLength(1);
  const log = await scanflow(folder, ["logs", "latest", "long"]);
  const beats = log.stdout.split("\n").filter((line) => line.startsWith("beat"));
  expect(beats).toEqual(Array.from({ length: 80 }, (_, at) => `beat ${at + 1}`));
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("a pod that failed while its owner was away is told as the command's failure, with its last lines", async () => {
  const folder = await folderOf({ ...long, "long.sh": "echo beat 5; sleep 3; echo no more; exit 7\n" });
  const owner = start(folder, ["run", "--on", "kubernetes"], { env: variables });
  await owner.saw("beat 5");
  owner.child.kill("SIGKILL");
  await owner.ended;
  await expect.poll(() => cluster.api.store.list("pods")[0]?.status?.phase).toBe("Failed");
  const resumed = await scanflow(folder, ["resume", "--on", "kubernetes", "--json"], { env: variables });
  expect(resumed.code).toBe(1);
  expect(resumed.stdout).toMatch(/SCANFLOW_TASK_FAILED.*exit code 7.*no more/);
  await expect.poll(() => cluster.left()).toEqual([]);
});

test.each<[string, () => void, readonly string[], RegExp]>([
  ["no such context", () => {}, ["--context", "moon"], /SCANFLOW_KUBERNETES_CONFIG.*no context \\"moon\\"/],
  [
    "no such namespace",
    () => {},
    ["--namespace", "moon"],
    /SCANFLOW_KUBERNETES_NAMESPACE.*no namespace \\"moon\\"/,
  ],
  [
    "a right that is missing",
    () => {
      cluster.api.denied = ["create secrets", "get pods/log"];
    },
    [],
    /SCANFLOW_KUBERNETES_DENIED.*get pods\/log, create secrets/,
  ],
  [
    "a cluster that is too old",
    () => {
      cluster.api.options = { ...cluster.api.options, version: { major: "1", minor: "24+" } };
    },
    [],
    /SCANFLOW_POD_UNSUPPORTED.*Kubernetes 1\.24\+/,
  ],
  [
    "a quota that is used up",
    () => {
      cluster.api.options = {
        ...cluster.api.options,
        refuse: ({ method, path }) =>
          method === "POST" && path.endsWith("/jobs")
            ? new Refusal(
                403,
                "Forbidden",
                'jobs.batch "x" is forbidden: exceeded quota: small, requested: count/jobs.batch=1',
              )
            : undefined,
      };
    },
    [],
    /SCANFLOW_KUBERNETES_REFUSED.*exceeded quota: small/,
  ],
])("%s is refused before anything starts", async (_, prepare, options, message) => {
  prepare();
  const copy = new ExampleCopy("digits");
  try {
    const { code, stderr } = await copy.scanflowWith(
      variables,
      "run",
      "--on",
      "kubernetes",
      "--json",
      ...options,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(cluster.left()).toEqual([]);
    expect(await copy.document("ls")).toEqual([]);
  } finally {
    copy.remove();
  }
});
