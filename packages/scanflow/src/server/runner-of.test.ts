import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { expect, test } from "vitest";
import { stateFolder } from "../engine/index.ts";
import { runnerOf } from "./runner-of.ts";

const folder = stateFolder(mkdtempSync(join(tmpdir(), "runner-of-")));
const artifacts = await openArtifactStore({ root: folder.artifacts });

async function nameOf(named: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const runner = await runnerOf(named, { folder, artifacts, env, mayGoOn: async () => true });
  await runner.close();
  return runner.name;
}

test("tasks run as processes unless an option or the environment says otherwise", async () => {
  expect(await nameOf(undefined, {})).toBe("process");
  expect(await nameOf("process", { SCANFLOW_ON: "moon" })).toBe("process");
  await expect(nameOf(undefined, { SCANFLOW_ON: "moon" })).rejects.toMatchObject({
    code: "SCANFLOW_RUNNER_UNKNOWN",
    message: expect.stringMatching(/"moon".*SCANFLOW_ON one of process/),
  });
  await expect(nameOf("toString", {})).rejects.toThrow(/--on one of process/);
});
