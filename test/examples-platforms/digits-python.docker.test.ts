import { sameEverywhere } from "./same-everywhere.ts";

sameEverywhere("digits-python", {
  unlike: { "explore.notebook": "a notebook that was run names the version of its interpreter" },
});
