import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { requireApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import { temporaryFolder } from "../upkeep.test.support.ts";
import { neededFiles } from "./needed-files.ts";

test("what an environment is made from is needed: requirements, a Dockerfile, a package.json with its lock", async () => {
  const root = await temporaryFolder();
  const node = (environment: object) => ({ run: "true", environment });
  const application = requireApplication({
    application: "a",
    workflows: {
      w: {
        nodes: {
          a: node({ python: { requirements: "r.txt" } }),
          b: node({ dockerfile: "Dockerfile" }),
          c: node({ node: { package: "package.json" } }),
          d: node({ node: {} }),
        },
      },
    },
  });
  const always = ["r.txt", "Dockerfile", "package.json"];
  expect([...(await neededFiles(root, application))]).toEqual(always);
  await writeFile(join(root, "package-lock.json"), "{}");
  expect([...(await neededFiles(root, application))]).toEqual([...always, "package-lock.json"]);
});
