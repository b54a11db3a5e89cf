import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { folderOf, scanflow } from "../cli.test.support.ts";
import { startApplyServer, writeKubeconfig } from "../platforms/kubernetes/apply-server.ts";
import { hasKubectl } from "../platforms/kubernetes/kubectl.ts";

const root = join(import.meta.dirname, "../..");

interface Script {
  readonly job: string;
  readonly script: string;
}

/** What the two hosts call the same. */
const hosts = {
  github: {
    file: ".github/workflows/scanflow.yml",
    scripts: (text: string): Script[] => {
      const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
      return Object.entries(jobs).flatMap(([job, { steps }]) =>
        steps.flatMap(({ run }) => (run === undefined ? [] : [{ job, script: run }])),
      );
    },
    rollback: "rollback",
  },
  gitlab: {
    file: ".gitlab-ci.yml",
    scripts: (text: string): Script[] =>
      Object.entries(parse(text) as Record<string, { script?: string[] }>).flatMap(([job, { script = [] }]) =>
        script.map((one) => ({ job, script: one })),
      ),
    rollback: "rollback-by-hand",
  },
} as const;

/** What needs more than this machine has: a registry of packages or images, a cluster with controllers. */
const elsewhere = /^npm ci$|build --push|rollout status|KUBECONFIG_DATA|kubectl"$|^chmod|\.docker/m;

/** A repository with two commits of an example, of which the second changes the plan. */
async function repository(host: "github" | "gitlab") {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-pipeline-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, "examples/digits"), folder, {
    recursive: true,
    filter: (path) => !/\/(\.scanflow|node_modules)(\/|$)/.test(path),
  });
  const git = async (...words: string[]) => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    return (await promisify(execFile)("git", [...who, ...words], { cwd: folder })).stdout.trim();
  };
  expect(await scanflow(folder, ["init", "--ci", host])).toMatchObject({ code: 0 });
  await writeFile(join(folder, ".gitignore"), "node_modules/\n.scanflow/\n.bin/\n");
  await git("init", "--quiet", "--initial-branch", "main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "first");
  const first = await git("rev-parse", "HEAD");
  const config = join(folder, "scanflow.config.ts");
  await writeFile(
    config,
    (await readFile(config, "utf8")).replace(/seed: integer\(\{ default: \d+/, "seed: integer({ default: 11"),
  );
  await git("commit", "--quiet", "--all", "--message", "second");
  // What npm would install, and npm itself, which has no registry here that knows the package.
  const bin = join(folder, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  const program = `#!/bin/sh\nexec ${process.execPath} ${join(root, "packages/scanflow/bin/scanflow.js")} "$@"\n`;
  await writeFile(join(bin, "scanflow"), program, { mode: 0o755 });
  await mkdir(join(folder, ".bin"));
  await writeFile(join(folder, ".bin/npm"), '#!/bin/sh\n[ "$1" = ci ]\n', { mode: 0o755 });
  return { folder, first };
}

describe.skipIf(!hasKubectl).each(["github", "gitlab"] as const)("a pipeline of %s", (host) => {
  test("tests, gates, deploys and rolls back a clean clone of an example", async () => {
    const { folder, first } = await repository(host);
    const server = await startApplyServer();
    onTestFinished(() => server.close());
    const KUBECONFIG = await writeKubeconfig(await folderOf({}), server.url);
    const env = {
      ...process.env,
      PATH: `${join(folder, ".bin")}:${process.env.PATH}`,
      KUBECONFIG,
      HOME: await folderOf({}),
      SCANFLOW_REGISTRY: "registry.example.org/team",
      BACK_TO: first,
    };
    const run = ({ script }: Script) =>
      promisify(execFile)("/bin/sh", ["-e", "-c", script], { cwd: folder, env });
    const planNow = async () =>
      /plan [0-9a-f]{12}/.exec(
        await readFile(join(folder, "deploy/kubernetes/kustomization.yaml"), "utf8"),
      )?.[0];

    const { file, scripts, rollback } = hosts[host];
    const all = scripts(await readFile(join(folder, file), "utf8"));
    const here = all.filter(({ script }) => script.includes("BACK_TO") || !elsewhere.test(script));
    expect(here.map(({ job }) => job)).toEqual(expect.arrayContaining(["test", "gate", "deploy", rollback]));
    for (const step of here.filter(
      ({ job, script }) => /^(test|gate|deploy)$/.test(job) && !script.includes("BACK_TO"),
    )) {
      await run(step);
    }
    expect(server.kept()).toContain("Deployment scanflow");
    const second = await planNow();
    const back = here.find(({ job }) => job === rollback) ?? expect.fail("there is no rollback");
    await run(back);
    const before = await planNow();
    expect(before).toMatch(/^plan /);
    expect(before).not.toBe(second);
  });
});

/** GitHub, "Workflow syntax for GitHub Actions"; GitLab, "CI/CD YAML syntax reference". */
const documented = {
  github: {
    top: ["name", "on", "permissions", "concurrency", "env", "jobs"],
    job: ["if", "needs", "runs-on", "timeout-minutes", "environment", "permissions", "steps"],
    step: ["name", "uses", "with", "run", "if", "env"],
  },
  gitlab: {
    job: [
      ...["stage", "rules", "script", "needs", "environment", "resource_group", "interruptible"],
      ...["services", "variables"],
    ],
    default: ["image", "cache", "before_script"],
  },
};

test("only keys that GitHub documents are used, and every script reads values that others give from variables", async () => {
  const folder = await folderOf({});
  await scanflow(folder, ["init", "--ci", "github", "--name", "lab"]);
  const workflow = parse(await readFile(join(folder, hosts.github.file), "utf8"));
  expect(documented.github.top).toEqual(expect.arrayContaining(Object.keys(workflow)));
  for (const job of Object.values<{ steps: Record<string, unknown>[] }>(workflow.jobs)) {
    expect(documented.github.job).toEqual(expect.arrayContaining(Object.keys(job)));
    for (const step of job.steps) {
      expect(documented.github.step).toEqual(expect.arrayContaining(Object.keys(step)));
      expect(String(step.run ?? "")).not.toContain("${{");
    }
  }
});

test("only keys that GitLab documents are used, and every job has its stage", async () => {
  const folder = await folderOf({});
  await scanflow(folder, ["init", "--ci", "gitlab", "--name", "lab"]);
  const {
    stages,
    workflow,
    variables,
    default: shared,
    ...jobs
  } = parse(await readFile(join(folder, hosts.gitlab.file), "utf8"));
  expect(Object.keys(workflow)).toEqual(["rules"]);
  expect(Object.values(variables).every((value) => typeof value === "string")).toBe(true);
  expect(documented.gitlab.default).toEqual(expect.arrayContaining(Object.keys(shared)));
  for (const job of Object.values<{ stage: string }>(jobs)) {
    expect(documented.gitlab.job).toEqual(expect.arrayContaining(Object.keys(job)));
    expect(stages).toContain(job.stage);
  }
});

test("a pipeline overwrites none, and goes into an application that is there", async () => {
  const folder = await folderOf({
    "scanflow.yaml": "application: lab\nworkflows: { lab: { nodes: { a: { run: echo } } } }\n",
  });
  expect(await scanflow(folder, ["init", "--ci", "gitlab", "--target", "argo"])).toMatchObject({ code: 0 });
  const text = await readFile(join(folder, ".gitlab-ci.yml"), "utf8");
  expect(text).toContain("npx scanflow deploy argo --overwrite");
  const again = await scanflow(folder, ["init", "--ci", "gitlab"]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_FILE_EXISTS") });
  expect(await readFile(join(folder, ".gitlab-ci.yml"), "utf8")).toBe(text);
});
