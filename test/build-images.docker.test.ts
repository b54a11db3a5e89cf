import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { folderOf, scanflow, start } from "./cli.test.support.ts";
import { type Ended, ExampleCopy } from "./examples-application.test.support.ts";
import { BASE_IMAGES } from "./platforms/base-images.ts";

const run = promisify(execFile);

const env = {
  ...inject("docker"),
  SCANFLOW_BASE_PYTHON: BASE_IMAGES.python,
  SCANFLOW_BASE_NODE: BASE_IMAGES.node,
};

function docker(...args: readonly string[]) {
  return run("docker", args, { env: { ...process.env, ...env } });
}

/** Runs a program in an image as a task is run: nothing may be written, nothing is allowed. */
async function inside(image: string, ...argv: readonly string[]): Promise<string> {
  const [entry = "", ...args] = argv;
  const limits = [
    "--read-only",
    "--cap-drop",
    "ALL",
    "--security-opt",
    "no-new-privileges",
    "--network",
    "none",
  ];
  return (await docker("run", "--rm", ...limits, "--entrypoint", entry, image, ...args)).stdout;
}

interface Told {
  readonly ref: string;
  readonly tasks: readonly string[];
  readonly how: string;
  readonly pushed: string | null;
}

function imagesOf(stdout: string): readonly Told[] {
  return JSON.parse(stdout).images;
}

const digits = new ExampleCopy("digits-python");
let building: Promise<Ended>;
// The largest image that is built: what the network and the disk have to do goes on beside the first test.
beforeAll(() => {
  building = digits.scanflowWith(env, "build", "--json");
});
afterAll(() => digits.remove());

test("Scanflow's own image runs Scanflow, and so does a Python image with it on top", async () => {
  const folder = await folderOf({ "scanflow.yaml": own, "steps/a.ts": "export default () => 1;" });
  const built = await scanflow(folder, ["build", "--json"], { env });
  expect(built).toMatchObject({ code: 0, stderr: "" });
  const [plain = "", mixed = ""] = imagesOf(built.stdout).map(({ ref }) => ref);
  const version = JSON.parse(
    await readFile(new URL("../packages/scanflow/package.json", import.meta.url), "utf8"),
  ).version;
  expect(await inside(plain, "scanflow", "--version")).toBe(`${version}\n`);
  const native = `
    const { createRequire } = await import("node:module");
    const require = createRequire("/opt/scanflow/dist/index.js");
    require("onnxruntime-node"); require("@duckdb/node-api"); require("@aws-sdk/client-s3");
    console.log(process.getuid());
  `;
  expect(await inside(plain, "node", "--input-type=module", "--eval", native)).toBe("65532\n");
  const foreign =
    "find /opt/scanflow/node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 -type d | grep -vc linux || true";
  expect(await inside(plain, "sh", "-c", foreign)).toBe("0\n");

  const shimNode = ["lib/ld.so", "--library-path", "lib", "bin/node"].map((word) =>
    word.startsWith("--") ? word : `/opt/scanflow-shim/${word}`,
  );
  expect(await inside(mixed, ...shimNode, "--input-type=module", "--eval", native)).toBe("65532\n");
  expect(await inside(mixed, "python", "-c", "print('both')")).toBe("both\n");
});

test("examples/digits-python has an image for its scripts, and one upon it for its notebook", async () => {
  const built = await building;
  expect(built).toMatchObject({ code: 0, stderr: "" });
  const images = imagesOf(built.stdout);
  expect(images.map(({ tasks }) => tasks.length)).toEqual([9, 1]);
  const [scripts = "", notebook = ""] = images.map(({ ref }) => ref);
  const loaded = "import sklearn, mlflow, numpy, os; print(sklearn.__version__, os.getuid(), os.getcwd())";
  expect(await inside(scripts, "python", "-c", loaded)).toBe("1.9.1 65532 /app\n");
  expect(await inside(notebook, "python", "-c", "import nbclient, ipykernel, sklearn; print(1)")).toBe("1\n");

  const again = await digits.scanflowWith(env, "build");
  expect(again.stdout.split("\n").filter((line) => line.startsWith("=  python"))).toHaveLength(2);
  expect(again.stdout).not.toContain("Step");
});

const own = `application: build-own
workflows:
  work:
    nodes:
      a: { run: { module: steps/a.ts } }
      b: { run: { module: steps/a.ts }, environment: { python: {} } }
`;

test("packages of a Node environment are found from /app, beside Scanflow's own", async () => {
  const folder = await folderOf({
    "scanflow.yaml": `application: build-node
workflows:
  work:
    nodes:
      a: { run: "node steps/a.mjs", environment: { node: { package: js/package.json } } }
`,
    "js/package.json": JSON.stringify({ dependencies: { "is-number": "^7.0.0", scanflow: "0.1.0" } }),
    "steps/a.mjs": `import isNumber from "is-number";
import { application } from "scanflow";
console.log(isNumber("1"), typeof application);
`,
  });
  const built = await scanflow(folder, ["build", "--json"], { env });
  expect(built).toMatchObject({ code: 0, stderr: "" });
  const [{ ref } = { ref: "" }] = imagesOf(built.stdout);
  const mounted = [
    "run",
    "--rm",
    "--read-only",
    "--user",
    String(process.getuid?.()),
    "--volume",
    `${folder}:/app:ro`,
    ref,
    "node",
    "steps/a.mjs",
  ];
  expect((await docker(...mounted)).stdout).toBe("true function\n");
});

test("two processes that build the same at once build it once; what fails is told beside what did not", async () => {
  const name = `build-${randomBytes(4).toString("hex")}`;
  const folder = await folderOf({
    "scanflow.yaml": `application: ${name}
workflows:
  work:
    nodes:
      good: { run: "true", environment: { dockerfile: docker/good.Dockerfile, context: docker } }
`,
    "docker/good.Dockerfile": `FROM ${BASE_IMAGES.debian}\nRUN head -c 16 /dev/urandom > /chance && echo ${name}\n`,
    "docker/bad.Dockerfile": `FROM ${BASE_IMAGES.debian}\nRUN echo nothing called nmupy >&2 && false\n`,
    "bad/scanflow.yaml": `application: ${name}
workflows:
  work:
    nodes:
      good: { run: "true", environment: { dockerfile: ../docker/good.Dockerfile, context: ../docker } }
      bad: { run: "true", environment: { dockerfile: ../docker/bad.Dockerfile, context: ../docker } }
`,
  });
  onTestFinished(async () => {
    const { stdout } = await docker(
      "images",
      "--quiet",
      "--filter",
      `label=org.scanflow.application=${name}`,
    );
    const ids = new Set(stdout.trim().split("\n").filter(Boolean));
    if (ids.size > 0) await docker("image", "rm", "--force", ...ids);
  });
  const both = await Promise.all([1, 2].map(() => start(folder, ["build", "--json"], { env }).ended));
  expect(both.map(({ stderr }) => stderr)).toEqual(["", ""]);
  expect(both.map(({ stdout }) => imagesOf(stdout)[0]?.how).sort()).toEqual(["built", "ready"]);
  const ref = imagesOf(both[0]?.stdout ?? "")[0]?.ref ?? "";
  const { stdout: labels } = await docker("image", "inspect", "--format", "{{json .Config.Labels}}", ref);
  expect(JSON.parse(labels)).toMatchObject({ "org.scanflow.plan": expect.stringMatching(/^[0-9a-f]{64}$/) });

  const failed = await scanflow(join(folder, "bad"), ["build"], { env });
  expect(failed.code).not.toBe(0);
  expect(failed.stderr).toMatch(
    /^error SCANFLOW_ENVIRONMENT_FAILED: .*bad\.Dockerfile[\s\S]*nothing called nmupy/,
  );
  expect(failed.stdout).toMatch(/^=.*was there .*good$/m);
  expect(failed.stdout).toMatch(/^✗.*failed .*bad$/m);
});

test("Dockerfiles are written without a daemon, and the same each time", async () => {
  const folder = await folderOf({ "scanflow.yaml": own, "steps/a.ts": "export default () => 1;" });
  const nowhere = { ...env, DOCKER_HOST: "unix:///nowhere/docker.sock" };
  const written = await scanflow(folder, ["build", "--dockerfiles", "images"], { env: nowhere });
  expect(written).toMatchObject({ code: 0, stderr: "" });
  expect(written.stdout).toContain("Wrote 4 Dockerfiles into images; nothing was built.");
  await scanflow(folder, ["build", "--dockerfiles", "again"], { env: nowhere });
  const files = await readdir(join(folder, "images"), { recursive: true, withFileTypes: true });
  for (const entry of files.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const twin = path.replace("/images/", "/again/");
    expect(await readFile(path, "utf8")).toBe(await readFile(twin, "utf8"));
  }
  const built = await scanflow(folder, ["build"], { env: nowhere });
  expect(built.code).not.toBe(0);
  expect(built.stderr).toContain("error SCANFLOW_DOCKER_UNREACHABLE");
});

test("pack takes the images along, and unpack loads them, or leaves them out", async () => {
  const name = `pack-${randomBytes(4).toString("hex")}`;
  const folder = await folderOf({
    "scanflow.yaml": `application: ${name}
workflows:
  work:
    nodes:
      a: { run: "true", environment: { dockerfile: docker/a.Dockerfile, context: docker } }
`,
    "docker/a.Dockerfile": `FROM scratch\nCOPY text /text\n`,
    "docker/text": name,
  });
  const packed = await scanflow(folder, ["pack", "--images", "--json"], { env });
  expect(packed).toMatchObject({ code: 0, stderr: "" });
  const [ref = ""] = JSON.parse(packed.stdout).images;
  const archive = `${name}.scanflow.tgz`;
  expect((await readdir(folder)).sort()).toEqual([".scanflow", "docker", archive, "scanflow.yaml"]);
  await docker("image", "rm", ref);

  const nowhere = { ...env, DOCKER_HOST: "unix:///nowhere/docker.sock" };
  const refused = await scanflow(folder, ["unpack", archive, "--into", "x"], { env: nowhere });
  expect(refused.stderr).toMatch(
    /^error SCANFLOW_DOCKER_UNREACHABLE: .*unpack it without them: --no-images\.$/m,
  );
  expect(await readdir(folder)).not.toContain("x");
  const without = await scanflow(folder, ["unpack", archive, "--into", "without", "--no-images"], {
    env: nowhere,
  });
  expect(without).toMatchObject({ code: 0, stderr: "" });
  expect((await readdir(join(folder, "without"))).sort()).toEqual(["docker", "scanflow.yaml"]);

  const loaded = await scanflow(folder, ["unpack", archive, "--into", "there"], { env });
  expect(loaded.stdout).toContain(`Loaded the image ${ref}.`);
  expect(await readdir(join(folder, "there/.scanflow"), { recursive: true })).not.toContain("images.tar");
  const built = await scanflow(join(folder, "there"), ["build", "--json"], { env });
  expect(imagesOf(built.stdout)).toMatchObject([{ ref, how: "ready" }]);
  const again = await scanflow(folder, ["unpack", archive, "--into", "again"], { env });
  expect(again.stdout).toContain(`The image ${ref} was there.`);
  await docker("tag", ref, `registry.invalid/${ref}`);
  const removed = await scanflow(folder, ["build", "--remove", "--json"], { env });
  expect(JSON.parse(removed.stdout)).toEqual({ removed: [`registry.invalid/${ref}`, ref], used: [] });
  await expect(docker("image", "inspect", ref)).rejects.toThrow();
});
