import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Environment, ScanflowError } from "@scanflow/core";
import { packageFiles } from "../package-files.ts";
import { buildRecipe } from "./build-recipe.ts";
import { aptInstall, asNobody, dockerfileText } from "./dockerfile-text.ts";
import type { BuiltImage, ImageFile } from "./image-recipe.ts";
import { isOurs } from "./own-packages.ts";
import type { RecipeOptions } from "./recipe-options.ts";
import { scanflowRecipe, scanflowShim } from "./scanflow-recipe.ts";

type NodeEnvironment = Extract<Environment, { kind: "node" }>;

/**
 * An image for a Node environment: Scanflow's own, and the packages of a package.json in `/node_modules`, where code in
 * `/app` finds them. Errors: SCANFLOW_ENVIRONMENT_MISSING, SCANFLOW_ENVIRONMENT_UNSUPPORTED.
 */
export async function nodeRecipe(environment: NodeEnvironment, options: RecipeOptions): Promise<BuiltImage> {
  const scanflow = await scanflowRecipe(options);
  const files = await packedFiles(options.root, environment);
  const locked = files.some(({ path }) => path === "package-lock.json");
  return buildRecipe({
    name: options.name,
    about: "node",
    files,
    needs: [scanflow],
    shim: scanflowShim,
    dockerfile: dockerfileText("A Node environment. Code and data are mounted when it runs.", [
      `FROM ${scanflow.ref}`,
      "USER root",
      aptInstall(environment.apt),
      files.length === 0 ? null : `COPY ${files.map(({ path }) => path).join(" ")} /opt/packages/`,
      files.length === 0 ? null : install(locked),
      ...asNobody,
    ]),
  });
}

/** With a lock exactly its versions are installed, and a lock that does not fit is refused. */
function install(locked: boolean): string {
  return [
    "RUN cd /opt/packages \\",
    ` && npm ${locked ? "ci" : "install"} --omit=dev --no-audit --no-fund --no-update-notifier --cache /tmp/npm --loglevel error \\`,
    " && mkdir -p node_modules && cp -a node_modules/. /node_modules/ \\",
    " && rm -rf node_modules /tmp/npm",
  ].join("\n");
}

/** The kinds of dependencies that npm looks at when it installs. */
const groups = ["dependencies", "optionalDependencies", "devDependencies", "peerDependencies"] as const;

type Manifest = { readonly workspaces?: unknown } & {
  readonly [Group in (typeof groups)[number]]?: Readonly<Record<string, string>>;
};

async function packedFiles(root: string, environment: NodeEnvironment): Promise<ImageFile[]> {
  const [path, beside] = packageFiles(environment);
  if (path === undefined || beside === undefined) return [];
  const text = await readText(resolve(root, path));
  if (text === null) {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_MISSING",
      `The file ${resolve(root, path)} of a Node environment cannot be read. Put it there, or correct "package", which is relative to the config's folder.`,
    );
  }
  const lock = await readText(resolve(root, beside));
  if (lock === null) await refuseOtherLocks(dirname(resolve(root, path)), path);
  const { devDependencies, ...manifest } = withoutOurs(readManifest(text, path));
  // A lock must fit the file; without one, what is for development need not even be looked for.
  const wanted = lock === null || devDependencies === undefined ? manifest : { ...manifest, devDependencies };
  refuseLocal(wanted, path);
  const packed: ImageFile[] = [{ kind: "text", path: "package.json", text: json(wanted) }];
  if (lock !== null) packed.push({ kind: "text", path: "package-lock.json", text: fittingLock(lock) });
  return packed;
}

function readManifest(text: string, path: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_MISSING",
      `The file ${path} of a Node environment is no JSON (${cause instanceof Error ? cause.message : cause}). Correct it.`,
      { cause },
    );
  }
}

/** What lies on this machine only cannot be installed elsewhere. */
function refuseLocal(manifest: Manifest, path: string): void {
  const all = groups.flatMap((group) => Object.entries(manifest[group] ?? {}));
  const local = all.find(([, range]) => /^(file|link|workspace|portal):|^[./~]\D/.test(range));
  if (local === undefined && manifest.workspaces === undefined) return;
  const what = local === undefined ? "workspaces" : `the dependency ${local[0]} at "${local[1]}"`;
  throw new ScanflowError(
    "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
    `${path} has ${what}, which lies on this machine, and an image is made from packages of a registry. Publish it, import it by its path, or use a Dockerfile of your own.`,
  );
}

/** Scanflow's packages are in the image already, as those that run here. */
function withoutOurs<Some extends Manifest>(manifest: Some): Some {
  const kept = groups.flatMap((group) => {
    const entries = Object.entries(manifest[group] ?? {}).filter(([name]) => !isOurs(name));
    return manifest[group] === undefined ? [] : [[group, Object.fromEntries(entries)] as const];
  });
  return { ...manifest, ...Object.fromEntries(kept) };
}

async function refuseOtherLocks(folder: string, path: string): Promise<void> {
  for (const name of ["npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"]) {
    if ((await readText(join(folder, name))) === null) continue;
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
      `Beside ${path} lies ${name}, and images are made with npm from a package-lock.json, so they would get other versions. Add one ("npm install --package-lock-only"), or use a Dockerfile of your own.`,
    );
  }
}

interface Lock {
  readonly packages?: Readonly<Record<string, Manifest>>;
}

/** The lock as it fits the package.json that is packed; one that names none of ours stays as it is. */
function fittingLock(text: string): string {
  if (!/"(@scanflow\/\w+|scanflow)"/.test(text)) return text;
  const lock = JSON.parse(text) as Lock;
  const packages = Object.entries(lock.packages ?? {})
    .filter(([place]) => !/(^|\/)node_modules\/(@scanflow\/[^/]+|scanflow)(\/|$)/.test(place))
    .map(([place, entry]) => [place, withoutOurs(entry)] as const);
  return json({ ...lock, packages: Object.fromEntries(packages) });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}
