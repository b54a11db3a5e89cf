import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "@scanflow/core";
import { expect, test } from "vitest";
import { built, folderWith, texts } from "./images.test.support.ts";
import { recipeOf } from "./recipe-of.ts";

const command = { kind: "command", command: "python train.py" } as const;
const module = { kind: "module", module: "steps/split.ts", export: "default" } as const;
const notebook = { kind: "notebook", notebook: "explore.ipynb" } as const;
const host = { kind: "host" } as const;
const python: Extract<Environment, { kind: "python" }> = {
  kind: "python",
  requirements: null,
  packages: [],
  python: null,
  apt: [],
};
const env = {};

test("a Python environment becomes a Dockerfile with its packages and nothing of the application", async () => {
  const root = await folderWith({ "requirements.txt": "numpy==2.4.6 # as tested\n", "train.py": "print()" });
  const environment = {
    ...python,
    requirements: "requirements.txt",
    python: "python3.12",
    apt: ["libgomp1", "git"],
  };
  const recipe = built(
    await recipeOf({ task: "fit", command, environment }, { root, application: "Dígits & co", env }),
  );
  expect(recipe.ref).toBe(`scanflow/digits-co:${recipe.digest.slice(0, 12)}`);
  expect(texts(recipe)).toEqual({ "requirements/requirements.txt": "numpy==2.4.6\n" });
  expect(recipe.dockerfile).toMatchInlineSnapshot(`
    "# A Python environment. Code and data are mounted when it runs.
    FROM python:3.12-slim-bookworm
    RUN apt-get update \\
     && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends git libgomp1 \\
     && rm -rf /var/lib/apt/lists/*
    ENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
    RUN python3 -m venv /opt/venv
    COPY requirements /opt/requirements
    RUN cd /opt/requirements \\
     && pip install --no-cache-dir --no-input --disable-pip-version-check --progress-bar off -r requirements.txt
    ENV HOME=/tmp
    WORKDIR /app
    USER 65532:65532
    "
  `);
});

test("the digest is of what decides the image: neither of who asks for it nor of anything else in the folder", async () => {
  const root = await folderWith({ "requirements.txt": "numpy\n" });
  const environment = { ...python, requirements: "requirements.txt", packages: ["b", "a"] };
  const ask = (task: string, application: string, packages = environment.packages) =>
    recipeOf({ task, command, environment: { ...environment, packages } }, { root, application, env }).then(
      built,
    );
  const first = await ask("fit", "one");
  await writeFile(join(root, "train.py"), "print(1)");
  const second = await ask("judge", "two", ["a", "b"]);
  expect(second.digest).toBe(first.digest);
  expect(second.ref).not.toBe(first.ref);
  await writeFile(join(root, "requirements.txt"), "numpy==2\n");
  expect((await ask("fit", "one")).digest).not.toBe(first.digest);
});

test("the base is pinned by its version, and may be another one or one by its digest", async () => {
  const root = await folderWith({});
  const from = async (interpreter: string | null, variables: NodeJS.ProcessEnv) => {
    const environment = { ...python, python: interpreter };
    const request = { root, application: "a", env: variables };
    return built(await recipeOf({ task: "fit", command, environment }, request)).dockerfile;
  };
  const digest = `sha256:${"0".repeat(64)}`;
  expect(await from(null, {})).toContain("FROM python:3.13-slim-bookworm\n");
  expect(await from("python3.12", {})).toContain("FROM python:3.12-slim-bookworm\n");
  const mirror = { SCANFLOW_BASE_PYTHON: "mirror.lan:5000/python:{version}-slim" };
  expect(await from("python3.12", mirror)).toContain("FROM mirror.lan:5000/python:3.12-slim\n");
  const pinned = { SCANFLOW_BASE_PYTHON: `python:3.11@${digest}` };
  expect(await from(null, pinned)).toContain(`FROM python:3.11@${digest}\n`);
  expect(await from(null, pinned)).not.toContain("case");
  expect(await from("python3.12", pinned)).toContain('"Python 3.12"|"Python 3.12."*) ;;');
  await expect(from(null, { SCANFLOW_BASE_PYTHON: "Python 3" })).rejects.toMatchObject({
    code: "SCANFLOW_IMAGE_NAME",
    message: expect.stringContaining('SCANFLOW_BASE_PYTHON names the image "Python 3"'),
  });
});

test("what a task runs in follows from its environment and its kind of command", async () => {
  const root = await folderWith({ Dockerfile: "FROM debian:bookworm-slim\n" });
  const ask = (
    kind: typeof command | typeof module | typeof notebook,
    environment: Environment,
    shim = false,
  ) => recipeOf({ task: "fit", command: kind, environment }, { root, application: "a", env, shim });
  const scanflow = built(await ask(command, host));
  expect(scanflow.ref).toMatch(/^scanflow\/scanflow:\d+\.\d+\.\d+-[0-9a-f]{12}$/);
  expect(await ask(module, host)).toEqual(scanflow);
  expect(await ask(module, host, true)).toEqual(scanflow);

  const plain = built(await ask(command, python));
  expect(plain.shim).toBeNull();
  const shimmed = built(await ask(command, python, true));
  expect(shimmed.dockerfile).toContain(`FROM ${plain.ref}\nCOPY --from=scanflow/shim:`);
  expect(shimmed.shim?.at(-1)).toBe("/opt/scanflow-shim/main.js");
  const withFunctions = built(await ask(module, python));
  expect(withFunctions.needs.map(({ ref }) => ref)).toEqual([plain.ref, expect.any(String), scanflow.ref]);
  expect(withFunctions.shim?.at(-1)).toBe("/opt/scanflow/dist/shim/main.js");
  expect(await ask(module, python, true)).toEqual(withFunctions);

  const notebooks = built(await ask(notebook, host));
  expect(notebooks.dockerfile).toMatch(
    /^FROM scanflow\/a:.*\nUSER root\nRUN pip install .* nbclient ipykernel\nUSER 65532/m,
  );
  expect(notebooks.needs).toEqual([plain]);
  const own = { kind: "image", image: "ghcr.io/team/model:2" } as const;
  expect(await ask(command, own)).toEqual({ kind: "given", ref: own.image, needs: [], shim: null });
  expect(built(await ask(command, own, true)).dockerfile).toContain(`FROM ${own.image}\n`);
  const written = built(await ask(command, { kind: "dockerfile", dockerfile: "Dockerfile", context: "." }));
  expect(written).toMatchObject({ dockerfile: "FROM debian:bookworm-slim\n", dockerfilePath: "Dockerfile" });
});

test.each([
  [{ kind: "image", image: "Model 2" }, "SCANFLOW_IMAGE_NAME", 'Task "fit" names the image "Model 2"'],
  [{ ...python, python: "pypy3" }, "SCANFLOW_ENVIRONMENT_UNSUPPORTED", '"pypy3"'],
  [{ ...python, requirements: "gone.txt" }, "SCANFLOW_ENVIRONMENT_MISSING", "gone.txt"],
  [{ ...python, packages: ["--index-url=http://x"] }, "SCANFLOW_ENVIRONMENT_UNSUPPORTED", "--index-url"],
  [{ ...python, packages: ["numpy\n-r /etc/passwd"] }, "SCANFLOW_ENVIRONMENT_UNSUPPORTED", "numpy"],
  [{ kind: "dockerfile", dockerfile: "Gone", context: "." }, "SCANFLOW_ENVIRONMENT_MISSING", "Gone"],
  [{ kind: "dockerfile", dockerfile: "Dockerfile", context: "gone" }, "SCANFLOW_ENVIRONMENT_MISSING", "gone"],
  [
    { kind: "dockerfile", dockerfile: "Mounting", context: "." },
    "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
    "RUN --mount",
  ],
] as const)("the environment %j is refused with %s", async (environment, code, said) => {
  const root = await folderWith({
    Dockerfile: "FROM a\n",
    Mounting: "FROM a\nRUN --mount=type=cache,target=/x ls\n",
  });
  await expect(
    recipeOf({ task: "fit", command, environment }, { root, application: "a", env }),
  ).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
});
