import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Comparison, compareFolder, refuseForeign, writeFolder } from "./export-folder.ts";
import { manifestName, manifestText, readExportManifest } from "./export-manifest.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-export-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function compare(folder: string, files: Readonly<Record<string, string>>): Promise<Comparison> {
  const exported = Object.entries(files).map(([path, text]) => ({ path, text }));
  return compareFolder(folder, { application: "lab", target: "kubernetes", files: exported });
}

const kinds = ({ changes }: Comparison) => changes.map(({ path, kind }) => `${kind} ${path}`);

test("writes what changed, and removes what it wrote before and no longer has", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "mine.yaml"), "of a person");
  const first = await compare(folder, { "a.yaml": "1", "deep/er/b.yaml": "2", "c.yaml": "3" });
  expect(kinds(first)).toEqual(["new a.yaml", "new deep/er/b.yaml", "new c.yaml"]);
  await writeFolder(first);
  const second = await compare(folder, { "a.yaml": "1", "c.yaml": "4" });
  expect(kinds(second)).toEqual(["same a.yaml", "changed c.yaml", "removed deep/er/b.yaml"]);
  refuseForeign(second);
  await writeFolder(second);
  expect((await readdir(folder)).sort()).toEqual([manifestName, "a.yaml", "c.yaml", "mine.yaml"]);
  expect(kinds(await compare(folder, { "a.yaml": "1", "c.yaml": "4" }))).toEqual([
    "same a.yaml",
    "same c.yaml",
  ]);
});

test("neither overwrites nor removes what it did not write, or what was changed since", async () => {
  const folder = await emptyFolder();
  await writeFolder(await compare(folder, { "a.yaml": "1", "b.yaml": "2" }));
  await writeFile(join(folder, "a.yaml"), "edited");
  await writeFile(join(folder, "b.yaml"), "edited");
  await writeFile(join(folder, "c.yaml"), "foreign");
  const next = await compare(folder, { "a.yaml": "3", "c.yaml": "4" });
  expect(() => refuseForeign(next)).toThrow(
    expect.objectContaining({
      code: "SCANFLOW_EXPORT_FOREIGN",
      message: expect.stringContaining("a.yaml, c.yaml, b.yaml. Nothing was written."),
    }),
  );
  // Who happens to have written the same has nothing to lose.
  refuseForeign(await compare(folder, { "a.yaml": "edited", "b.yaml": "edited", "c.yaml": "foreign" }));
});

test("an export that was ended half-way is taken up by the next one", async () => {
  const folder = await emptyFolder();
  await writeFolder(await compare(folder, { "a.yaml": "1", "b.yaml": "2", "old.yaml": "0" }));
  const halfway = await compare(folder, { "a.yaml": "3", "b.yaml": "4" });
  const { files, ...rest } = (await readExportManifest(folder)) ?? expect.fail("there is no manifest");
  await writeFolder(halfway);
  const after = await readExportManifest(folder);
  await writeFile(
    join(folder, manifestName),
    manifestText({ ...rest, files: after?.files ?? {}, replaced: files }),
  );
  await writeFile(join(folder, "b.yaml"), "2");
  await writeFile(join(folder, "old.yaml"), "0");
  const next = await compare(folder, { "a.yaml": "3", "b.yaml": "4" });
  refuseForeign(next);
  expect(kinds(next)).toEqual(["same a.yaml", "changed b.yaml", "removed old.yaml"]);
});

test("a folder holds one export", async () => {
  const folder = await emptyFolder();
  await writeFolder(await compare(folder, { "a.yaml": "1" }));
  const other = compareFolder(folder, { application: "lab", target: "argo", files: [] });
  await expect(other).rejects.toMatchObject({ code: "SCANFLOW_EXPORT_FOREIGN" });
});

test.each(["", "{}", '{"format":2}'])("a broken list is told: %j", async (text) => {
  const folder = await emptyFolder();
  await writeFile(join(folder, manifestName), text);
  await expect(compare(folder, {})).rejects.toMatchObject({ code: "SCANFLOW_EXPORT_MANIFEST" });
});

test("the list is the same bytes whatever the order of the files", async () => {
  const [one, other] = [await emptyFolder(), await emptyFolder()];
  await writeFolder(await compare(one, { "a.yaml": "1", "b.yaml": "2" }));
  await writeFolder(await compare(other, { "b.yaml": "2", "a.yaml": "1" }));
  const [first, second] = await Promise.all(
    [one, other].map((folder) => readFile(join(folder, manifestName), "utf8")),
  );
  expect(first).toBe(second);
});

test("a folder in the place of a file is an error, not a loss", async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, "a.yaml"));
  await expect(compare(folder, { "a.yaml": "1" })).rejects.toMatchObject({ code: "EISDIR" });
});
