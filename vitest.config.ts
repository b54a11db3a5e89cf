import { defineConfig } from "vitest/config";

const conditions = ["source"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

/** Unit tests lie beside the code; whole-system tests lie in test/ and start real processes. */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: { name: "unit", include: ["packages/*/src/**/*.test.ts"], execArgv: ["--conditions=source"] },
      },
      {
        ...shared,
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          execArgv: ["--conditions=source"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
