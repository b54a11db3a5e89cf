import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One of the packages that this Scanflow is made of, as it lies on this machine. */
export interface OwnPackage {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** What is used of a package.json. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Scanflow and the packages of ours that it depends on. */
export function ownPackages(): OwnPackage[] {
  const found = new Map<string, OwnPackage>();
  const open = [packageAt(fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, ""))];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (found.has(one.name)) continue;
    found.set(one.name, one);
    for (const name of Object.keys(one.manifest.dependencies ?? {})) {
      if (isOurs(name)) open.push(packageAt(dependencyFolder(one.folder, name)));
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * What they need of others, at exactly the versions that lie here, so that the image does what this machine does.
 * Optional peers, such as the client of S3, are there as well: what an image holds, nobody can add to it.
 */
export function foreignPackages(packages: readonly OwnPackage[]): Record<string, string> {
  const wanted = new Map<string, string>();
  for (const { folder, manifest } of packages) {
    for (const [name, range] of Object.entries({ ...manifest.peerDependencies, ...manifest.dependencies })) {
      if (!isOurs(name)) wanted.set(name, installedVersion(folder, name) ?? range);
    }
  }
  return Object.fromEntries([...wanted].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function isOurs(name: string): boolean {
  return name === "scanflow" || name.startsWith("@scanflow/");
}

function packageAt(folder: string): OwnPackage {
  const manifest: PackageManifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name: manifest.name, folder, manifest };
}

function installedVersion(folder: string, name: string): string | undefined {
  const found = findDependency(folder, name);
  return found === undefined ? undefined : packageAt(found).manifest.version;
}

function dependencyFolder(folder: string, name: string): string {
  const found = findDependency(folder, name);
  if (found === undefined) throw new TypeError(`${name} is not installed beside ${folder}`);
  return realpathSync(found);
}

/** As Node looks for it: in `node_modules` of the folder and of those above. */
function findDependency(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const place = join(at, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return place;
    if (at === dirname(at)) return undefined;
  }
}
