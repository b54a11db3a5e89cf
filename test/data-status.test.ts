import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePipe } from "../packages/tracking/src/artifacts/testing/system.support.ts";
import { scanflow } from "./cli.test.support.ts";
import { type Added, data, folderRemote, lab, photos, s3Remote } from "./data.test.support.ts";

interface Status {
  readonly remote: string | null;
  readonly datasets: readonly {
    readonly dataset: string;
    readonly state: string;
    readonly holds: number | null;
    readonly unpushed: readonly number[] | null;
  }[];
}

async function stateOf(folder: string): Promise<Record<string, string>> {
  const { datasets } = await data<Status>(folder, ["status"]);
  return Object.fromEntries(
    datasets.map(({ dataset, state, holds }) => [dataset, `${state}, holds ${holds}`]),
  );
}

test("the state of what was added is told: unchanged, changed, an older version, gone", async () => {
  const folder = await lab({ ...photos, "people.csv": "id\n1\n" });
  expect((await scanflow(folder, ["data", "status"])).stdout).toContain("No versions of data yet.");
  for (const path of ["photos", "people.csv"]) await data(folder, ["add", path]);
  expect(await stateOf(folder)).toEqual({ people: "unchanged, holds 1", photos: "unchanged, holds 1" });

  // Written again with what it held: the time differs, the content does not.
  writeFileSync(join(folder, "people.csv"), "id\n1\n");
  utimesSync(join(folder, "people.csv"), 1000, 1000);
  writeFileSync(join(folder, "photos/deep/b.txt"), "B");
  expect(await stateOf(folder)).toEqual({ people: "unchanged, holds 1", photos: "changed, holds null" });

  await data(folder, ["add", "photos"]);
  writeFileSync(join(folder, "photos/deep/b.txt"), "b");
  rmSync(join(folder, "people.csv"));
  expect(await stateOf(folder)).toEqual({ people: "gone, holds null", photos: "changed, holds 1" });
  const said = await scanflow(folder, ["data", "status"]);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toMatch(/people@1 +gone +people\.csv\n/);
  expect(said.stdout).toMatch(/photos@2 +changed \(is photos@1\) +photos\n/);
  expect(said.stdout).toContain('"scanflow data get NAME PATH"');

  expect(await scanflow(folder, ["data", "status", "--nonsense"])).toMatchObject({ code: 2 });
});

test("what looks as it did is not read again", async () => {
  const folder = await lab({ "big.bin": "one" });
  const path = join(folder, "big.bin");
  utimesSync(path, 1000, 1000);
  await data(folder, ["add", "big.bin"]);
  // Another content of the same size and time, which only reading would show.
  writeFileSync(path, "two");
  utimesSync(path, 1000, 1000);
  expect(statSync(path).size).toBe(3);
  expect(await stateOf(folder)).toEqual({ big: "unchanged, holds 1" });
  utimesSync(path, 2000, 2000);
  expect(await stateOf(folder)).toEqual({ big: "changed, holds null" });
});

test("what lies in the application is found when both move, and a pulled version has no place", async () => {
  const { url } = await folderRemote();
  const folder = await lab(photos);
  await data(folder, ["add", "photos"]);
  await data(folder, ["push", "--remote", url]);
  const other = await lab();
  await data(other, ["pull", "--remote", url]);
  expect(await stateOf(other)).toEqual({ photos: "unplaced, holds null" });

  const moved = join(other, "moved");
  mkdirSync(moved);
  for (const name of ["scanflow.yaml", "raw.txt", "photos", ".scanflow"]) {
    renameSync(join(folder, name), join(moved, name));
  }
  expect(await stateOf(moved)).toEqual({ photos: "unchanged, holds 1" });
});

test.each(["a folder", "S3"])("what %s lacks is told, and the remote stays as it was", async (kind) => {
  const { url, env } = kind === "S3" ? await s3Remote() : { ...(await folderRemote()), env: {} };
  const folder = await lab({ ...photos, "people.csv": "id\n1\n" });
  for (const path of ["photos", "people.csv"]) await data(folder, ["add", path]);
  const unpushed = async (...args: string[]) => {
    const { datasets, remote } = await data<Status>(folder, ["status", ...args], { env });
    return [remote, ...datasets.map((one) => one.unpushed)];
  };
  expect(await unpushed()).toEqual([null, null, null]);
  const none = await scanflow(folder, ["data", "status", "--remote"]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_DATA_REMOTE") });
  expect(await unpushed("--remote", url)).toEqual([url, [1], [1]]);
  await data(folder, ["push", "people", "--remote", url], { env });
  writeFileSync(join(folder, "photos/a.txt"), "changed");
  await data<Added>(folder, ["add", "photos"]);
  expect(await unpushed("--remote")).toEqual([url, [], [1, 2]]);
  const said = await scanflow(folder, ["data", "status", "--remote"], { env });
  expect(said.stdout).toMatch(/photos@2 +unchanged +photos +photos@1, photos@2\n/);
});

test("a name that cannot be a dataset's is refused before anything is copied, with one that can", async () => {
  const folder = await lab({ "my données/a b.txt": "a", "my données/日本.txt": "b" });
  const refused = await scanflow(folder, ["data", "add", "my données"]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--name my-donnees.") });
  const added = await data<Added>(folder, ["add", "my données", "--name", "my-donnees"]);
  expect(added).toMatchObject({ dataset: "my-donnees", version: { files: 2 } });
  expect(await stateOf(folder)).toEqual({ "my-donnees": "unchanged, holds 1" });
});

test("an empty folder is a version; a link that leads out and a pipe are named and make no version", async () => {
  const folder = await lab({ "held/a.txt": "a" });
  mkdirSync(join(folder, "empty"));
  expect(await data<Added>(folder, ["add", "empty"])).toMatchObject({ version: { files: 0, size: 0 } });
  await data(folder, ["get", "empty", "copy"]);
  expect(statSync(join(folder, "copy")).isDirectory()).toBe(true);

  await data(folder, ["add", "held"]);
  const refusals: readonly (readonly [string, (path: string) => void])[] = [
    ["SCANFLOW_ARTIFACT_LINK", (path) => symlinkSync("../raw.txt", path)],
    ["SCANFLOW_ARTIFACT_SPECIAL", (path) => makePipe(path)],
  ];
  for (const [code, make] of refusals) {
    const path = join(folder, "held/odd");
    make(path);
    const refused = await scanflow(folder, ["data", "add", "held"]);
    expect(refused.stderr).toContain(`error ${code}: `);
    expect(refused.stderr).toContain(path);
    expect(await stateOf(folder)).toMatchObject({ held: "unreadable, holds null" });
    expect((await scanflow(folder, ["data", "status"])).stdout).toContain(path);
    rmSync(path);
  }
  expect(await stateOf(folder)).toEqual({ empty: "unchanged, holds 1", held: "unchanged, holds 1" });
  rmSync(join(folder, "empty"), { recursive: true });
  writeFileSync(join(folder, "empty"), "");
  expect(await stateOf(folder)).toMatchObject({ empty: "changed, holds null" });
});
