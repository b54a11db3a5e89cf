import {
  application,
  executor,
  image,
  parseApplication,
  planWorkflow,
  python,
  step,
  workflow,
} from "@scanflow/core";
import { expect, test } from "vitest";
import { built, folderWith } from "./images.test.support.ts";
import { nameImages } from "./name-images.ts";

test("the images of a plan have names without a daemon: each environment one, with the registry before what is ours", async () => {
  const root = await folderWith({ "requirements.txt": "numpy\n" });
  const packages = python({ requirements: "requirements.txt" });
  const work = workflow("work", {}, () => ({
    nodes: [
      executor("a", { run: "python a.py", environment: packages }),
      executor("b", { run: "python b.py", environment: packages }),
      executor("c", { run: step("c.ts") }),
      executor("d", { run: "d", environment: image("ghcr.io/team/d:1") }),
    ],
  }));
  const read = parseApplication(application("lab", { main: work }));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const plan = planWorkflow(read.application);
  const named = await nameImages([plan, plan], {
    root,
    application: "lab",
    env: {},
    registry: "r.lan:5000/x",
  });
  const names = plan.tasks.map((task) => ("run" in task ? named.of(task) : ""));
  expect(names).toEqual([
    expect.stringMatching(/^r\.lan:5000\/x\/scanflow\/lab:[0-9a-f]{12}$/),
    names[0],
    named.scanflow,
    "ghcr.io/team/d:1",
  ]);
  expect(named.scanflow).toMatch(/^r\.lan:5000\/x\/scanflow\/scanflow:/);
  expect(named.recipes.map(({ kind }) => kind)).toEqual(["build", "build", "given"]);
  expect(built(named.recipes[1]).about).toBe("python 3.13");
});
