import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { folderOf, scanflow, start } from "../../cli.test.support.ts";
import { BASE_IMAGES } from "../base-images.ts";
import { type FakeCluster, startFakeCluster } from "./fake-cluster.ts";

const docker = { ...process.env, ...inject("docker") };

let cluster: FakeCluster;
let variables: Record<string, string>;

beforeEach(async () => {
  cluster = await startFakeCluster(docker);
  variables = { ...inject("docker"), ...cluster.environment };
});
afterEach(async () => {
  await cluster.close();
  expect(await cluster.containersLeft()).toEqual([]);
});

/** Answers with its word, its container and its attempt, not before it has loaded for a second; dies when it is told to. */
const serve = `import { createServer } from "node:http";
import { hostname } from "node:os";
const { SCANFLOW_HOST, SCANFLOW_PORT, SCANFLOW_ATTEMPT, WORD } = process.env;
const loaded = Date.now() + 1000;
console.log("serves " + WORD);
createServer(({ url }, answer) => {
  answer.statusCode = Date.now() < loaded ? 503 : 200;
  if (url !== "/health") console.log("asked at " + url);
  answer.end([answer.statusCode, WORD, SCANFLOW_ATTEMPT, hostname()].join(" "));
  if (url === "/die") setTimeout(() => process.exit(3), 100);
}).listen(Number(SCANFLOW_PORT), SCANFLOW_HOST);
process.on("SIGTERM", () => process.exit(0));
`;

/** Asks by the node's name and by the variable in turn; every connection is a new one. */
const ask = `import { get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
const urls = ["http://greeter:8080", process.env.SCANFLOW_SERVICE_GREETER];
const [times, waitMs, first = "/"] = process.argv.slice(2);
const path = process.env.SCANFLOW_ATTEMPT === "1" ? first : "/";
const answer = (url) => new Promise((resolve, reject) => {
  get(url, { agent: false }, (response) => response.setEncoding("utf8").on("data", resolve)).on("error", reject);
});
console.log("asks " + urls[1]);
for (let at = 0; at < Number(times); at++) {
  console.log("answer " + (at + 1) + ": " + await answer(urls[at % 2] + path));
  await pause(Number(waitMs));
}
`;

const environment = `environment: { image: "${BASE_IMAGES.node}" }`;

interface Lab {
  readonly word?: string;
  readonly service?: string;
  /** What \`ask.mjs\` is told. */
  readonly asks: string;
  readonly task?: string;
  readonly mode?: string;
}

/** An application whose task asks its service. */
function lab({ word = "hello", service = "", asks, task = "", mode = "batch" }: Lab): Promise<string> {
  return folderOf({
    "serve.mjs": serve,
    "ask.mjs": ask,
    "scanflow.yaml": `application: lab
workflows:
  lab:
    mode: ${mode}
    nodes:
      greeter: { kind: service, run: node serve.mjs, health: /health, env: { WORD: ${word} }, ${environment}${service} }
      ask: { run: node ask.mjs ${asks}, after: [greeter], cache: false, ${environment}${task} }
`,
  });
}

interface Shown {
  readonly tasks: readonly { readonly id: string; readonly status: string; readonly attempts: number }[];
}

async function shown(folder: string): Promise<Shown["tasks"]> {
  const { tasks } = JSON.parse((await scanflow(folder, ["show", "latest", "--json"])).stdout) as Shown;
  return tasks.map(({ id, status, attempts }) => ({ id, status, attempts }));
}

async function linesOf(folder: string, task: string): Promise<string[]> {
  const { stdout } = await scanflow(folder, ["logs", "latest", task]);
  return stdout.split("\n").filter((line) => line !== "");
}

const answersOf = (lines: readonly string[]) => lines.filter((line) => line.startsWith("answer "));
const created = (kind: string) =>
  cluster.api.requests.filter(
    (one) => new RegExp(`^POST .*/${kind}(\\?|$)`).test(one) && !one.includes("dryRun"),
  );
const run = (folder: string, ...more: string[]) =>
  start(folder, [...more, "--on", "kubernetes"], { env: variables });

test("two runs at once in one namespace ask each their own service, by its node's name and by its address, once it answers well", async () => {
  const folders = await Promise.all(["one", "other"].map((word) => lab({ word, asks: "40 100" })));
  const runs = folders.map((folder) => run(folder, "run"));
  await Promise.all(runs.map(({ saw }) => saw("answer 5")));
  const [first, second] = cluster.api.store.list("services");
  expect([first?.metadata.name, second?.metadata.name].toSorted()).toEqual([
    expect.stringMatching(/^greeter-[0-9a-f]{12}$/),
    expect.stringMatching(/^greeter-[0-9a-f]{12}$/),
  ]);
  expect(first?.metadata.name).not.toBe(second?.metadata.name);
  for (const [at, word] of ["one", "other"].entries()) {
    const folder = folders[at] ?? "";
    expect(await runs[at]?.ended).toMatchObject({ code: 0 });
    const answers = answersOf(await linesOf(folder, "ask"));
    expect(answers).toHaveLength(40);
    for (const answer of answers) expect(answer).toMatch(new RegExp(`: 200 ${word} 1 `));
    expect((await linesOf(folder, "greeter")).filter((line) => line.startsWith("asked"))).toHaveLength(40);
  }
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("a run whose owner is killed goes on with its service where it was, and with who asks it", async () => {
  const folder = await lab({ asks: "80 100" });
  const owner = run(folder, "run");
  await owner.saw("answer 5:");
  owner.child.kill("SIGKILL");
  await owner.ended;
  const resumed = await run(folder, "resume").ended;
  expect(resumed).toMatchObject({ code: 0 });
  expect(await shown(folder)).toEqual([
    { id: "greeter", status: "succeeded", attempts: 1 },
    { id: "ask", status: "succeeded", attempts: 1 },
  ]);
  expect([created("jobs").length, created("services").length]).toEqual([2, 1]);
  expect(answersOf(await linesOf(folder, "ask"))).toHaveLength(80);
  const lines = await linesOf(folder, "greeter");
  expect(lines.filter((line) => line.startsWith("serves"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("asked"))).toHaveLength(80);
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("a service that dies is started anew behind a new Service, and who asks it is tried again with that", async () => {
  const folder = await lab({ asks: "3 1500 /die", service: ", retry: 1", task: ", retry: 3" });
  expect(await run(folder, "run").ended).toMatchObject({ code: 0 });
  const [greeter, asks] = await shown(folder);
  expect(greeter).toEqual({ id: "greeter", status: "succeeded", attempts: 2 });
  expect(asks?.attempts).toBeGreaterThan(1);
  expect(created("services")).toHaveLength(2);
  const answers = answersOf(await linesOf(folder, "ask"));
  expect(answers).toHaveLength(3);
  for (const answer of answers) expect(answer).toContain(": 200 hello 2 ");
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("the replicas of a service answer in turn under one address, and all that they write is in its log", async () => {
  const folder = await lab({ asks: "40 20", service: ", replicas: 2" });
  expect(await run(folder, "run").ended).toMatchObject({ code: 0 });
  const answers = answersOf(await linesOf(folder, "ask"));
  expect(new Set(answers.map((line) => line.split(" ").at(-1))).size).toBe(2);
  const lines = await linesOf(folder, "greeter");
  expect(lines.filter((line) => line.startsWith("serves"))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith("asked"))).toHaveLength(40);
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("the service of an online workflow stays up when its last task is done, and goes when the run is cancelled", async () => {
  const folder = await lab({ asks: "1 0", mode: "online" });
  const running = run(folder, "run");
  await expect.poll(async () => (await shown(folder)).at(1)?.status).toBe("succeeded");
  expect(cluster.api.store.list("services")).toHaveLength(1);
  await scanflow(folder, ["cancel", "latest"]);
  await running.ended;
  expect(await linesOf(folder, "greeter")).toContainEqual(
    expect.stringMatching(
      /can be asked at http:\/\/[\d.]+:8080 by who runs in the cluster; from this machine after "kubectl port-forward --namespace default service\/greeter-[0-9a-f]{12} 8080"/,
    ),
  );
  await expect.poll(() => cluster.left()).toEqual([]);
});
