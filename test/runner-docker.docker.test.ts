import { spawnSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, inject, onTestFinished, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";

const env = { ...process.env, ...inject("docker") };

function config(environment: string, more = ""): Readonly<Record<string, string>> {
  return {
    "scanflow.yaml": `application: lab
main: one
workflows:
  one:
    nodes:
      fine: { run: "echo fine", environment: { image: "debian:bookworm-slim" }, cache: false }
      wanted: { run: "echo wanted", environment: ${environment}, cache: false }
${more}`,
  };
}

interface Refused {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly says: RegExp;
}

const fine = config('{ image: "debian:bookworm-slim" }');

/** Each is refused before the run's first event: nothing is recorded, and nothing ran. */
async function isRefused({ files = fine, env: given = {}, says }: Omit<Refused, "name">): Promise<void> {
  const folder = await folderOf(files);
  await chmod(folder, 0o755);
  const all = { ...env, ...given };
  const { code, stderr } = await scanflow(folder, ["run", "--on", "docker"], { env: all });
  expect(stderr).toMatch(says);
  expect(code).not.toBe(0);
  const { stdout } = await scanflow(folder, ["ls", "--json"], { env });
  expect(JSON.parse(stdout)).toEqual([]);
}

test.each<Refused>([
  {
    name: "no daemon",
    env: { DOCKER_HOST: "unix:///nowhere/docker.sock" },
    says: /SCANFLOW_DOCKER_UNREACHABLE.*\/nowhere\/docker\.sock.*Start it/s,
  },
  {
    name: "a context that there is not",
    env: { DOCKER_HOST: "", DOCKER_CONTEXT: "gone" },
    says: /SCANFLOW_DOCKER_UNREACHABLE.*no Docker context "gone"/s,
  },
  {
    name: "an image that nobody has",
    files: config('{ image: "127.0.0.1:1/none:1" }'),
    says: /SCANFLOW_IMAGE_MISSING.*127\.0\.0\.1:1\/none:1/s,
  },
  {
    name: "requirements that are not there",
    files: config('{ python: { requirements: "gone.txt" } }'),
    says: /gone\.txt/,
  },
])("refused before anything starts: $name", isRefused);

test("a platform that nobody has a runner for is refused with those that there are", async () => {
  const folder = await folderOf(fine);
  const { code, stderr } = await scanflow(folder, ["run", "--on", "moon"], { env });
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/SCANFLOW_RUNNER_UNKNOWN.*"moon".*process, docker/s);
});

test("a service's port that something else listens on is refused before anything starts", async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as { port: number };
  const service = `      serve: { kind: service, run: "sleep 60", port: ${port}, environment: { image: "debian:bookworm-slim" } }\n`;
  await isRefused({
    files: config('{ image: "debian:bookworm-slim" }', service),
    says: new RegExp(`SCANFLOW_PORT_TAKEN.*${port}`, "s"),
  });
});

test.skipIf(process.getuid?.() !== 0)("who may not speak to the daemon is told how to", async () => {
  const folder = await folderOf(fine);
  await chmod(folder, 0o777);
  const bin = fileURLToPath(new URL("../packages/scanflow/bin/scanflow.js", import.meta.url));
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  const { stderr, status } = spawnSync(
    "setpriv",
    [...nobody, process.execPath, bin, "run", "--on", "docker"],
    {
      cwd: folder,
      env: { ...env, HOME: folder },
      encoding: "utf8",
    },
  );
  expect(stderr).toMatch(/SCANFLOW_DOCKER_DENIED.*may not speak to the Docker daemon.*usermod -aG docker/s);
  expect(status).not.toBe(0);
});
