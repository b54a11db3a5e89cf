import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { type SpecEvent, specEvent } from "../packages/scanflow/src/lineage/openlineage/spec.test.support.ts";
import { folderOf, scanflow, start, until } from "./cli.test.support.ts";

/** A receiver that may be away: it answers 503 then. */
async function receiver() {
  const events: SpecEvent[] = [];
  const state = { away: false };
  let heard = () => {};
  const server = createServer(async (request, response) => {
    const event = specEvent.parse(JSON.parse(await text(request)));
    response.writeHead(state.away ? 503 : 201).end();
    if (!state.away) events.push(event);
    heard();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const saw = (name: string) =>
    new Promise<void>((resolve) => {
      heard = () => {
        if (told(events).includes(name)) resolve();
      };
      heard();
    });
  return { url: `http://127.0.0.1:${port}`, events, state, saw };
}

const told = (events: readonly SpecEvent[]) => events.map(({ eventType, job }) => `${eventType} ${job.name}`);

const config = `application: lab
main: w
workflows:
  w:
    nodes:
      a: { run: "echo a > {{outputs.x}}", inputs: { raw: { data: people@1 } }, outputs: [x] }
      b: { run: "echo begun; ${until("go")}; cat {{inputs.x}} > {{outputs.y}}", inputs: { x: a.x }, outputs: [y] }
`;

test("a receiver that is away when the sender is killed hears later of everything, in order and with the same run ids", async () => {
  const folder = await folderOf({ "scanflow.yaml": config, "people.csv": "id\n1\n" });
  await scanflow(folder, ["data", "add", "people.csv"]);
  const { url, events, state, saw } = await receiver();
  const first = start(folder, ["run", "--openlineage", url]);
  await saw("START w.a");
  state.away = true;
  await first.saw("begun");
  first.child.kill("SIGKILL");
  await first.ended;
  expect(told(events)).not.toContain("COMPLETE w");
  state.away = false;
  writeFileSync(join(folder, "go"), "");
  expect(await scanflow(folder, ["resume", "--openlineage", url])).toMatchObject({ code: 0 });

  // An event may come twice, with the same run id; what is new comes in order.
  const distinct = [
    ...new Map(events.map((event) => [`${event.eventType} ${event.run.runId}`, event])).values(),
  ];
  const jobs = ["w", "w.a", "w.b"];
  for (const job of jobs) {
    const of = distinct.filter((event) => event.job.name === job);
    expect(told(of).at(0)).toBe(`START ${job}`);
    expect(told(of).at(-1)).toBe(`COMPLETE ${job}`);
    const ended = of.filter(({ eventType }) => eventType === "COMPLETE");
    expect(ended).toHaveLength(1);
    expect(
      of.filter(({ eventType, run }) => eventType === "START" && run.runId === ended[0]?.run.runId),
    ).toHaveLength(1);
  }
  // The attempt that the kill ended is told as failed.
  const ended = new Set(["COMPLETE", "FAIL", "ABORT"]);
  for (const { run } of distinct.filter(({ eventType }) => eventType === "START")) {
    const ends = distinct.filter((event) => event.run.runId === run.runId && ended.has(event.eventType));
    expect(ends).toHaveLength(1);
  }
  expect(told(distinct).indexOf("COMPLETE w.a")).toBeLessThan(told(distinct).lastIndexOf("START w.b"));
  const read = distinct.find((event) => event.job.name === "w.a" && event.eventType === "START")?.inputs;
  expect(read).toMatchObject([{ namespace: "lab", name: "data:/people", facets: { version: {} } }]);
  rmSync(join(folder, "go"));
});
