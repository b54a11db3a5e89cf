import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { findPostgres } from "./packages/tracking/src/store/postgres/cluster.support.ts";
import { BASE_IMAGES } from "./test/platforms/base-images.ts";
import { ContainersSpread } from "./test/platforms/containers-spread.ts";
import { hasDocker } from "./test/platforms/docker.ts";

const conditions = ["source"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

/** Where Node keeps what it compiled: workers, threads and processes of the tests run the sources again and again. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");

/** Of the Python packages that tests install, pip need not compile what nobody imports. */
process.env.PIP_COMPILE ??= "0";

/** Tests wait for threads, processes and disks as much as they compute: on two cores, three keep both busy. */
const maxWorkers = Math.max(3, availableParallelism() - 1);

/** Long enough for a busy machine: a test that hangs is found all the same. */
const patienceMs = 120_000;
const expecting = { poll: { timeout: 30_000 } };

const withServer = "packages/tracking/src/store/postgres/with-server/*.test.ts";

/** The tests of what lies in a store run once more with PostgreSQL. */
const tracking = "packages/tracking/src";
const postgresql = {
  ...shared,
  test: {
    name: "postgresql",
    maxWorkers,
    include: [
      withServer,
      `${tracking}/*.test.ts`,
      `${tracking}/store/{store,migrate,kill}.test.ts`,
      `${tracking}/server/with-upkeep.test.ts`,
      "packages/scanflow/src/data/stream/stream-log.test.ts",
      `${tracking}/{access,graphql,history,provenance,purge,routes,schema,search,transfer,uploads,webhooks}/**/*.test.ts`,
    ],
    // What speaks of files, headers, addresses and texts only: it is decided before a store is asked.
    exclude: [
      `${tracking}/routes/{file-fuzz,artifact-fuzz,byte-range,costly-input,error-reply}.test.ts`,
      `${tracking}/access/guard-*.test.ts`,
      `${tracking}/transfer/{csv,archive/refused-archive,server/server-{faults,client,url}}.test.ts`,
      `${tracking}/webhooks/address.test.ts`,
    ],
    testTimeout: patienceMs,
    hookTimeout: patienceMs,
    expect: expecting,
    globalSetup: [`${tracking}/store/postgres/global-cluster.support.ts`],
    execArgv: ["--conditions=source"],
  },
};
const hasPostgres = findPostgres() !== undefined;
if (!hasPostgres) process.stderr.write("skipped: no PostgreSQL server is installed\n");

/** Tests that run containers, of rooms and of the whole. */
const withContainers = "**/*.docker.test.ts";
const docker = {
  ...shared,
  test: {
    name: "docker",
    maxWorkers,
    include: [withContainers],
    // The only Python that the base images of the tests have.
    env: { SCANFLOW_BASE_PYTHON: BASE_IMAGES.python },
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: expecting,
    globalSetup: ["test/platforms/global-docker.ts"],
    execArgv: ["--conditions=source"],
  },
};
const hasContainers = hasDocker();
if (!hasContainers) process.stderr.write("skipped: no Docker daemon is reached or can be started\n");

/** Unit tests lie beside the code; whole-system tests lie in test/ and start real processes. */
export default defineConfig({
  test: {
    maxWorkers,
    sequence: { sequencer: ContainersSpread },
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          maxWorkers,
          include: ["packages/*/src/**/*.test.ts"],
          exclude: [withServer, withContainers],
          testTimeout: patienceMs,
          hookTimeout: patienceMs,
          expect: expecting,
          execArgv: ["--conditions=source"],
        },
      },
      {
        ...shared,
        test: {
          name: "system",
          maxWorkers,
          include: ["test/**/*.test.ts"],
          exclude: [withContainers],
          execArgv: ["--conditions=source"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: expecting,
        },
      },
      ...(hasPostgres ? [postgresql] : []),
      ...(hasContainers ? [docker] : []),
    ],
  },
});
