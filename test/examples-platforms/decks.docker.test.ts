import { expect } from "vitest";
import { MlflowRest } from "../examples-application.test.support.ts";
import { sameEverywhere } from "./same-everywhere.ts";

sameEverywhere("decks", {
  // The tracker of the third workflow is a container of its own, and still there to be asked.
  onCompose: async (port) => {
    const names = (await new MlflowRest(`http://127.0.0.1:${port}`).runs()).map(({ name }) => name);
    expect(names.sort()).toEqual([
      "workflow3",
      "workflow3/get-new-data",
      "workflow3/modeling",
      "workflow3/preprocessing-new-data",
    ]);
  },
});
