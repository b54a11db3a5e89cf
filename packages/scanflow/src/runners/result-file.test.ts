import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readResult } from "./result-file.ts";

test.each(["not\nJSON", "[1,\n2]"])(
  "the wrong result %j is refused on one line that ends with what to give",
  async (text) => {
    const folder = await mkdtemp(join(tmpdir(), "scanflow-result-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "result.json");
    await writeFile(path, text);
    await expect(readResult(path, "t")).rejects.toMatchObject({
      code: "SCANFLOW_RESULT_INVALID",
      message: expect.stringMatching(/^The result of task "t" is not .*Give one JSON object.*$/),
    });
  },
);
