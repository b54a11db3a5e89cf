import { hash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { output } from "../runners/bench.test.support.ts";
import { nothing } from "../shim/attempt/carry-out.ts";
import { type GatewayBench, gatewayBench, openWay, say } from "./gateway.test.support.ts";

const waits = (bench: GatewayBench, then: string) =>
  ({
    kind: "command",
    command: `echo before; until test -e ${bench.root}/go; do sleep 0.05; done; ${then}`,
  }) as const;

/** Two owners, one after the other at the same address. */
async function twoOwners() {
  const way = await openWay();
  const first = await gatewayBench({ advertised: way.url });
  way.lead(first.door.port);
  const takeOver = async () => {
    way.lead(0);
    const second = await gatewayBench({ advertised: way.url });
    way.lead(second.door.port);
    return second;
  };
  return { first, takeOver };
}

test("a container goes on over the end of its owner, with the token and the address that it knows", async () => {
  const { first, takeOver } = await twoOwners();
  const command = waits(first, "echo after; echo made > {{outputs.o}}");
  const given = { task: "t", command, outputs: { o: output({ path: "o" }) } };
  const before = first.offer(given);
  const shim = first.shim(["run"], before.attempt.variables);
  await expect.poll(() => before.lines).toEqual(["before"]);
  const second = await takeOver();
  const bearer = before.attempt.variables.SCANFLOW_GATEWAY_TOKEN ?? "";
  const adopted = second.offer(given, { bearer });
  await adopted.begun;
  await writeFile(join(first.root, "go"), "");
  expect(await adopted.attempt.done).toMatchObject({ kind: "succeeded", outputs: { o: expect.any(String) } });
  // What the first owner took and could not acknowledge comes once more.
  expect(adopted.lines.at(-1)).toBe("after");
  expect((await shim.exit).code).toBe(0);
});

test.each(["fetch", "publish"])(
  "%s waits for an owner that listens again and has not taken its attempt up yet",
  async (half) => {
    const bench = await gatewayBench();
    const way = await openWay();
    const again = Promise.withResolvers<void>();
    let asked = 0;
    const anew = createServer((_request, response) => {
      response.writeHead(401).end('{"error_code":"SCANFLOW_GATEWAY_TOKEN","message":"unknown"}');
      asked += 1;
      if (asked === 2) again.resolve();
    });
    await new Promise<void>((resolve) => anew.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void anew.close());
    way.lead((anew.address() as AddressInfo).port);
    const offered = bench.offer({ task: "t", command: waits(bench, "true") }, { runs: false });
    const shim = bench.shim([half], { ...offered.attempt.variables, SCANFLOW_GATEWAY: way.url });
    await Promise.race([again.promise, shim.exit]);
    way.lead(bench.door.port);
    expect(await shim.exit).toMatchObject({ code: 0 });
    offered.attempt.cancel();
  },
);

test("how a function step ended is known to an owner that was not there when it was logged", async () => {
  const { first, takeOver } = await twoOwners();
  const command = { kind: "module", module: "s.ts", export: "default" } as const;
  const before = first.offer({ task: "t", command });
  const bearer = before.attempt.variables.SCANFLOW_GATEWAY_TOKEN ?? "";
  const claim = { version: 1, task: null, site: first.site, shim: ["node"] };
  const { order } = (await say(`${first.door.url}/scanflow/v1/claim`, { token: bearer, body: claim })).json();
  const second = await takeOver();
  const adopted = second.offer({ task: "t", command }, { bearer });
  const lastLogged = JSON.stringify({ kind: "end", result: { kind: "returned", json: '{"n":1}' } });
  const body = { ...nothing, exit: { code: 0, signal: null }, lastLogged };
  await say(`${second.door.url}/scanflow/v1/attempt/end`, { token: order.token, body });
  expect(await adopted.attempt.done).toMatchObject({ kind: "succeeded", result: { n: 1 } });
});

test("a worker hears from an owner that did not give it its attempt that it is nobody's, and asks for work again", async () => {
  const { first, takeOver } = await twoOwners();
  const before = first.offer({ task: "t", command: waits(first, "true") }, { to: "worker" });
  const shim = first.shim(["run", "t"], {
    SCANFLOW_GATEWAY: first.door.url,
    SCANFLOW_GATEWAY_TOKEN: "of-all-workers",
  });
  await before.begun;
  const second = await takeOver();
  const again = second.offer(
    { task: "t", attempt: 2, command: { kind: "command", command: "echo again" } },
    { to: "worker" },
  );
  expect((await again.attempt.done).kind).toBe("succeeded");
  expect(shim.output()).toContain("attempt 1 of t is not wanted any more");
});

const LOST = { kind: "failed", error: { code: "SCANFLOW_ATTEMPT_LOST" } };

describe("an owner that is told the end of an attempt whose outputs another had taken in", () => {
  async function ended({ optional }: { readonly optional: boolean }) {
    const { first, takeOver } = await twoOwners();
    const given = { task: "t", outputs: { o: output({ path: "o", optional }) } };
    const before = first.offer(given);
    const bearer = before.attempt.variables.SCANFLOW_GATEWAY_TOKEN ?? "";
    const claim = { version: 1, task: null, site: first.site, shim: ["node"] };
    const { order } = (
      await say(`${first.door.url}/scanflow/v1/claim`, { token: bearer, body: claim })
    ).json();
    const { token } = order;
    const put = { token, method: "PUT", body: "made", type: "application/octet-stream" };
    await say(`${first.door.url}/scanflow/v1/attempt/outputs/o?kind=file`, put);
    const outputs = { o: `sha256:${hash("sha256", "made")}` };
    const body = { ...nothing, exit: { code: 0, signal: null }, outputs };
    const endAt = ({ door }: GatewayBench) => say(`${door.url}/scanflow/v1/attempt/end`, { token, body });
    const next = async () => {
      const second = await takeOver();
      const { workdir } = before.spec;
      const { attempt } = second.offer({ ...given, workdir }, { bearer });
      await endAt(second);
      return attempt.done;
    };
    return { before, endAtFirst: () => endAt(first), next };
  }

  test.each([true, false])("takes it for lost, also where the output is optional (%s)", async (optional) => {
    const { before, endAtFirst, next } = await ended({ optional });
    await endAtFirst();
    expect(await before.attempt.done).toMatchObject({ kind: "succeeded" });
    expect(await next()).toMatchObject(LOST);
  });

  test("takes it for lost when the other was at it: a folder may have been half of the way", async () => {
    const { before, next } = await ended({ optional: false });
    await writeFile(`${before.spec.workdir}.collected`, "");
    expect(await next()).toMatchObject(LOST);
  });

  test("goes on with what the other had only received", async () => {
    const { next } = await ended({ optional: false });
    expect(await next()).toMatchObject({ kind: "succeeded", outputs: { o: expect.any(String) } });
  });
});
