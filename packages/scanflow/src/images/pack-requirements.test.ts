import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { folderWith, texts } from "./images.test.support.ts";
import { packRequirements } from "./pack-requirements.ts";

test("nested files and local packages come along, and every reference leads to the copy", async () => {
  const root = await folderWith({
    "env/requirements.txt": [
      "-r more/base.txt",
      "--constraint=limits.txt",
      "--extra-index-url https://example.org/simple",
      "--find-links ./wheels",
      "./helper[fast] ; python_version > '3.8'",
      "-e helper",
      "numpy==2.4.6 \\",
      "  --hash=sha256:00",
    ].join("\n"),
    "env/more/base.txt": "scipy # newest\n-r ../requirements.txt\n",
    "env/limits.txt": "scipy<2\n",
    "wheels/a-1.0-py3-none-any.whl": "",
    "helper/pyproject.toml": "[project]",
    "helper/helper/__init__.py": "",
    "helper/helper/__pycache__/x.pyc": "",
  });
  const elsewhere = await folderWith({ "other.tar.gz": "x" });
  const url = pathToFileURL(join(elsewhere, "other.tar.gz"));
  const files = await packRequirements(root, {
    requirements: "env/requirements.txt",
    packages: ["pandas>=2", `other @ ${url}`],
  });
  const packed = texts({ files });
  expect(packed["requirements/requirements.txt"]?.split("\n")).toEqual([
    "-r 2-base.txt",
    "-c 1-limits.txt",
    "--extra-index-url https://example.org/simple",
    "--find-links local/0/wheels",
    "./local/1/helper[fast] ; python_version > '3.8'",
    "./local/1/helper",
    "numpy==2.4.6    --hash=sha256:00",
    "./local/2/other.tar.gz",
    "pandas>=2",
    "",
  ]);
  expect(packed["requirements/2-base.txt"]).toBe("scipy\n-r requirements.txt\n");
  expect(Object.keys(packed).sort()).toEqual([
    "requirements/1-limits.txt",
    "requirements/2-base.txt",
    "requirements/local/0/wheels/a-1.0-py3-none-any.whl",
    "requirements/local/1/helper/helper/__init__.py",
    "requirements/local/1/helper/pyproject.toml",
    "requirements/local/2/other.tar.gz",
    "requirements/requirements.txt",
  ]);
});

test("nothing is packed where nothing is asked for", async () => {
  expect(await packRequirements("/", { requirements: null, packages: [] })).toEqual([]);
});
