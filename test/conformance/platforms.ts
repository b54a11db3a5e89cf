import type { Platform } from "./platform.ts";

/** The columns of the conformance table, in its order. Each has a test file of one line that runs it. */
export const platforms: readonly Platform[] = [
  {
    name: "process",
    cannot: {},
    open: async (cases) => (await import("./owner-platform.ts")).openOwnerHost(cases),
  },
];
