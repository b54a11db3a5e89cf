import {
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { scanflow, start, until } from "./cli.test.support.ts";
import {
  type Added,
  data,
  digestsIn,
  folderRemote,
  type Listed,
  lab,
  photos,
  s3Remote,
  type Transferred,
} from "./data.test.support.ts";
import { foreignFolder } from "./upkeep.test.support.ts";

test("changed content is the next version, unchanged content is none, and both are said", async () => {
  const folder = await lab({ "people.csv": "id,name\n1,ana\n2,ben\n" });
  const first = await scanflow(folder, [
    "data",
    "add",
    "people.csv",
    "--owner",
    "ana",
    "--note",
    "as it came",
  ]);
  expect(first.stdout).toMatch(/^Added people@1: file of 20 B, sha256:[0-9a-f]{12}\.\n$/);
  const again = await scanflow(folder, ["data", "add", "people.csv", "--sensitivity", "restricted"]);
  expect(again.stdout).toContain("Unchanged: people@1 has this content already");
  writeFileSync(join(folder, "people.csv"), "id,name,age\n1,ana,30\n2,ben,31\n3,cy,32\n");
  expect(await data<Added>(folder, ["add", "people.csv"])).toMatchObject({
    dataset: "people",
    created: true,
    version: {
      version: 2,
      kind: "file",
      files: 1,
      schema: {
        format: "csv",
        columns: [{ name: "id" }, { name: "name", type: "text" }, { type: "integer" }],
      },
    },
  });
  expect(await data<Listed[]>(folder, ["ls", "ana", "AGE"])).toMatchObject([
    {
      name: "people",
      owner: "ana",
      sensitivity: "restricted",
      versions: [{ version: 2 }, { version: 1, note: "as it came" }],
    },
  ]);
  expect(await data<Listed[]>(folder, ["ls", "ana", "zebra"])).toEqual([]);
  expect((await scanflow(folder, ["data", "diff", "people"])).stdout.split("\n").slice(0, 3)).toEqual([
    "people@1 → people@2",
    "~  people.csv  20 B → 38 B  rows 2 → 3, columns 2 → 3 (+age)",
    "Files: 0 added, 0 removed, 1 changed.",
  ]);
  await data(folder, ["get", "people@1", "before/people.csv"]);
  expect(readFileSync(join(folder, "before/people.csv"), "utf8")).toBe("id,name\n1,ana\n2,ben\n");
});

test("an addition that is ended by Ctrl-C leaves nothing half-copied behind, and can be begun again", async () => {
  const folder = await lab({ "large.bin": "" });
  const source = join(folder, "large.bin");
  truncateSync(source, 2 ** 30);
  const incoming = join(folder, ".scanflow/artifacts/incoming");
  const adding = start(folder, ["data", "add", "large.bin"]);
  const drafts = () => (existsSync(incoming) ? globSync("*/*", { cwd: incoming }) : []);
  await vi.waitUntil(() => drafts().length > 0, { timeout: 60_000, interval: 2 });
  adding.child.kill("SIGINT");
  expect(await adding.ended).toMatchObject({ code: 130, stdout: "", stderr: "" });
  expect(readdirSync(incoming)).toEqual([]);
  expect(await digestsIn(folder)).toEqual({});
  truncateSync(source, 20);
  expect(await data<Added>(folder, ["add", "large.bin"])).toMatchObject({ created: true });
  expect(readdirSync(incoming)).toEqual([]);
});

test("a difference of folders names the files that came, went and changed", async () => {
  const folder = await lab({ ...photos, "photos/t.csv": "x\n" });
  await data(folder, ["add", "photos"]);
  writeFileSync(join(folder, "photos/a.txt"), "changed");
  writeFileSync(join(folder, "photos/new.txt"), "new");
  rmSync(join(folder, "photos/deep"), { recursive: true });
  await data(folder, ["add", "photos"]);
  const none = { table: null };
  expect(await data(folder, ["diff", "photos@1", "photos"])).toMatchObject({
    equal: false,
    files: [
      { path: "a.txt", change: "changed", sizeBefore: 1, sizeAfter: 7, ...none },
      { path: "deep/b.txt", change: "removed", sizeBefore: 1, sizeAfter: null, ...none },
      { path: "new.txt", change: "added", sizeBefore: null, sizeAfter: 3, ...none },
    ],
  });
});

test.each(["a folder", "S3"])(
  "what is pushed into %s is not sent again, and pulled elsewhere and after a removal it is the same",
  async (kind) => {
    const { url, env, sent } =
      kind === "S3" ? await s3Remote() : { ...(await folderRemote()), env: {}, sent: null };
    const folder = await lab({ ...photos, "big.bin": "x".repeat(3_000_000) });
    for (const path of ["photos", "big.bin"]) await data(folder, ["add", path, "--owner", "ana"]);
    writeFileSync(join(folder, "photos/a.txt"), "changed");
    await data(folder, ["add", "photos"]);
    const pushed = await data<Transferred>(folder, ["push", "--remote", url], { env });
    expect(pushed.moved).toMatchObject([
      { dataset: "big", version: 1, objects: 1, bytes: 3_000_000 },
      // Two contents and a manifest; then one content and another manifest.
      { dataset: "photos", version: 1, objects: 3 },
      { dataset: "photos", version: 2, objects: 2 },
    ]);
    const before = sent?.();
    const again = await data<Transferred>(folder, ["push"], { env });
    expect(again.moved.map(({ objects }) => objects)).toEqual([0, 0, 0]);
    expect(sent?.()).toEqual(before);

    const listed = await data<Listed[]>(folder, ["ls"]);
    const other = await lab();
    await data(other, ["pull", "--remote", url, "--all"], { env });
    expect(await data<Listed[]>(other, ["ls"])).toEqual(listed);
    await data(other, ["get", "photos@1", "photos"]);
    expect(readFileSync(join(other, "photos/deep/b.txt"), "utf8")).toBe("b");

    for (const name of ["photos@1", "photos@2"]) await data(folder, ["rm", name]);
    await scanflow(folder, ["gc", "--grace", "0"]);
    expect((await data<Transferred>(folder, ["pull", "photos@1"], { env })).moved).toMatchObject([
      { objects: 3 },
    ]);
    const [, first] = listed[1]?.versions ?? [];
    expect((await digestsIn(folder))["photos@1"]).toBe(first?.digest);
    // What was forgotten here does not give its number to something else.
    writeFileSync(join(folder, "photos/a.txt"), "again another");
    expect((await data<Added>(folder, ["add", "photos"])).version.version).toBe(3);
  },
);

test("a push that was cut off sends only what is missing; the record comes last", async () => {
  const { url, folder: remote } = await folderRemote();
  const folder = await lab(photos);
  const { version } = await data<Added>(folder, ["add", "photos"]);
  await data(folder, ["push", "--remote", url]);
  const hex = version.digest.slice("sha256:".length);
  // As it lies there after an end between the first file and the second.
  rmSync(join(remote, "folders", hex.slice(0, 2), hex));
  rmSync(join(remote, "datasets"), { recursive: true });
  expect((await data<Transferred>(folder, ["push"])).moved).toMatchObject([{ objects: 1 }]);
  const other = await lab();
  await data(other, ["pull", "--remote", url]);
  expect(await digestsIn(other)).toEqual({ "photos@1": version.digest });
});

test("a remote with anything damaged or missing is refused by a code, and nothing is taken in", async () => {
  const { url, folder: remote } = await folderRemote();
  const folder = await lab(photos);
  const { version } = await data<Added>(folder, ["add", "photos"]);
  await data(folder, ["push", "--remote", url]);
  const hex = version.digest.slice("sha256:".length);
  const manifest = `folders/${hex.slice(0, 2)}/${hex}`;
  const b = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
  const other = await lab();
  const faults = [
    { path: `sha256/${b.slice(0, 2)}/${b}`, content: "c", code: "SCANFLOW_DATA_CORRUPT" },
    { path: `sha256/${b.slice(0, 2)}/${b}`, content: undefined, code: "SCANFLOW_DATA_CORRUPT" },
    { path: manifest, content: "c", code: "SCANFLOW_DATA_CORRUPT" },
    { path: "datasets/photos/versions/1.json", content: "c", code: "SCANFLOW_DATA_RECORD" },
  ];
  for (const { path, content, code } of faults) {
    const place = join(remote, path);
    const sound = readFileSync(place);
    rmSync(place);
    if (content !== undefined) writeFileSync(place, content);
    const refused = await scanflow(other, ["data", "pull", "--remote", url]);
    expect(refused.code, path).toBe(1);
    expect(refused.stderr).toContain(code);
    expect(refused.stderr).toContain("push the version again");
    expect(existsSync(join(other, ".scanflow/artifacts", manifest))).toBe(false);
    writeFileSync(place, sound);
  }
  expect(await data<Listed[]>(other, ["ls"])).toEqual([]);
  await data(other, ["pull", "--remote", url]);
  expect(await digestsIn(other)).toEqual({ "photos@1": version.digest });
});

test("two places that gave one number to different contents are told so, both ways", async () => {
  const { url } = await folderRemote();
  const [here, there] = [await lab({ "d.txt": "mine" }), await lab({ "d.txt": "theirs" })];
  for (const folder of [here, there]) await data(folder, ["add", "d.txt"]);
  await data(there, ["push", "--remote", url]);
  for (const direction of ["push", "pull"]) {
    const refused = await scanflow(here, ["data", direction, "d", "--remote", url]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_DATA_CONFLICT") });
  }
  const digests = await digestsIn(here);
  expect(digests).not.toEqual(await digestsIn(there));
});

test("a collection leaves what versions have, an archive takes it along, and a wipe of the application ends it", async () => {
  const folder = await lab(photos);
  expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  const { version } = await data<Added>(folder, ["add", "photos"]);
  await scanflow(folder, ["gc", "--grace", "0", "--keep", "1"]);
  await data(folder, ["get", "photos", "kept"]);
  const archive = join(foreignFolder(), "lab.tgz");
  const packed = await scanflow(folder, ["pack", "--out", archive, "--runs", "latest", "--artifacts"]);
  expect(packed).toMatchObject({ code: 0 });
  const place = foreignFolder();
  expect(await scanflow(place, ["unpack", archive, "--into", "lab"])).toMatchObject({ code: 0 });
  expect(await data(join(place, "lab"), ["show", "photos"])).toMatchObject({ here: true, version });
  expect(await scanflow(folder, ["wipe", "make", "--yes"])).toMatchObject({ code: 0 });
  expect(await digestsIn(folder)).toEqual({ "photos@1": version.digest });
  const wiped = await scanflow(folder, ["wipe", "--yes"]);
  expect(wiped.stdout).toContain("1 version of datasets");
  expect(await digestsIn(folder)).toEqual({});
});

test("while a run is under way, its process sends and fetches for other commands", async () => {
  const { url, folder: remote } = await folderRemote();
  const folder = await lab(photos);
  const config = readFileSync(join(folder, "scanflow.yaml"), "utf8");
  writeFileSync(join(folder, "scanflow.yaml"), config.replace("cat ", `echo begun; ${until("go")}; cat `));
  const run = start(folder, ["run"]);
  await run.saw("begun");
  const { version } = await data<Added>(folder, ["add", "photos"]);
  await data(folder, ["push", "--remote", url]);
  await data(folder, ["rm", "photos@1"]);
  await data(folder, ["pull"]);
  expect(await digestsIn(folder)).toEqual({ "photos@1": version.digest });
  rmSync(join(remote, "datasets"), { recursive: true });
  const refused = await scanflow(folder, ["data", "pull", "photos"]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_DATA_UNKNOWN") });
  writeFileSync(join(folder, "go"), "");
  expect(await run.ended).toMatchObject({ code: 0 });
});
