import { z } from "zod";
import { DEFAULT_STORE } from "./commands/track.ts";

export const DEFAULT_ARTIFACTS = "tracker/artifacts";

/** Where the tracker keeps things that a command works on, as `track` takes it. */
export const trackerOptions = {
  store: z.string().default(DEFAULT_STORE),
  artifacts: z.string().min(1, "must name a folder").default(DEFAULT_ARTIFACTS),
};
