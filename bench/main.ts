/** `npm run bench -- NAME`: each benchmark is one file that prints its own table. */
const BENCHES: Readonly<Record<string, () => Promise<{ run(): Promise<void> }>>> = {
  alarms: () => import("./alarms/alarms.ts"),
  autoencoder: () => import("./checks/autoencoder.ts"),
  detectors: () => import("./detectors/detectors.ts"),
  engine: () => import("./engine/engine.ts"),
  "stream-detectors": () => import("./checks/stream-detectors.ts"),
  runners: () => import("./runners/runners.ts"),
  tracking: () => import("./tracking/tracking.ts"),
  checks: () => import("./checks/checks.ts"),
  "tree-shap": () => import("./checks/tree-shap.ts"),
  "image-build": () => import("./runners/build-image.ts"),
  exports: () => import("./exports/exports.ts"),
  "tracking-soak": () => import("./tracking/run-soak.ts"),
};

const name = process.argv[2] ?? "";
const load = BENCHES[name];
if (load) await (await load()).run();
else {
  process.stderr.write(
    `There is no benchmark "${name}". Choose one of: ${Object.keys(BENCHES).join(", ")}.\n`,
  );
  process.exitCode = 2;
}
