import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";

test("with its state elsewhere nothing is written into the application's folder, and all commands find it there", async () => {
  const folder = await folderOf({
    "scanflow.yaml":
      'application: app\nworkflows: { w: { nodes: { hello: { run: "echo hi > {{outputs.said}}", outputs: [said] } } } }\n',
  });
  const state = await folderOf({});
  const env = { SCANFLOW_STATE_DIR: join(state, "kept") };
  expect(await scanflow(folder, ["run"], { env })).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, ".scanflow"))).toBe(false);
  const shown = await scanflow(folder, ["show", "--json"], { env });
  expect(JSON.parse(shown.stdout)).toMatchObject({ tasks: [{ id: "hello", status: "succeeded" }] });
  expect(await scanflow(folder, ["gc"], { env })).toMatchObject({ code: 0 });
  expect((await scanflow(folder, ["show"])).code).not.toBe(0);
});
